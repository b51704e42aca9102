"""Two kinds of record may have the same id: what is owed about one never shows to whoever sees the other."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from massline.keys import key_of
from petitions.models import State
from responsibility.desk.escalations import escalated_to
from responsibility.desk.owed import owed_by
from responsibility.models import Escalation, Preference
from responsibility.outbox.deliver import deliver
from tests.api import Api
from tests.chain_lab import at, event, names, sweep_at
from tests.chore_kind import KIND, ChoreAdapter, make_chore, owe, second_kind, show
from tests.city import file_petition, walk_to
from tests.kinds.models import Chore
from tests.mail_lab import post_office
from tests.reader import page, reader

pytestmark = pytest.mark.django_db
FILED, LATER = "2026-09-15 10:00", "2026-12-10 10:00"
SWEEPS = ("2026-11-20 09:00", "2026-11-26 09:00", "2026-12-03 09:00")
TASK = "DB20260915-000007"


@pytest.fixture
def tasks() -> Iterator[ChoreAdapter]:
    with second_kind() as found:
        yield found


@pytest.fixture
def pair(city: SimpleNamespace, tasks: ChoreAdapter) -> SimpleNamespace:
    """A petition of the department, and the task with the same id: owed by the same post, but for others to read."""
    with at(FILED) as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
        task = make_chore(
            TASK,
            "督办一件",
            city.post["handler"],
            readers=[city.outsider, city.other_leader],
            movers=[city.outsider],
            pk=filed.demand.pk,
        )
        owe(task, now)
    return SimpleNamespace(filed=filed, number=filed.number, task=task)


def climb() -> None:
    for moment in SWEEPS:
        sweep_at(moment)


def climbed(kind: str) -> Escalation:
    return Escalation.objects.get(obligation__subject_kind=kind, step="top")


def test_my_work_shows_what_exists_for_me_of_each_kind(city: SimpleNamespace, pair: SimpleNamespace) -> None:
    with at(FILED):
        mine, theirs = page(city.handler, "/desk/"), page(city.outsider, "/desk/")
    assert pair.number in mine and TASK not in mine
    assert TASK in theirs and "督办一件" in theirs and pair.number not in theirs, "what waits for them, of any kind"
    assert {o.subject_key for o in owed_by(city.handler)} == {pair.number}, "a page that is full hides no row either"
    assert {o.subject_key for o in owed_by(city.outsider)} == {TASK}


def test_the_leaders_desk_shows_what_exists_for_me_of_each_kind(city: SimpleNamespace, pair: SimpleNamespace) -> None:
    climb()
    assert names("escalated", subject_kind=KIND) >= {"leader"}, "the chain of both is the department's"
    with at(LATER):
        desk, rest = page(city.leader, "/desk/escalations/"), Api(city.leader).get("/escalations/").json()["results"]
        assert pair.number in desk and TASK not in desk
        assert {row["number"] for row in rest} == {pair.number}
        assert {e.obligation.subject_key for e in escalated_to(city.leader)} == {pair.number}, "as the menu counts them"
        show(pair.task, city.leader)
        desk, rest = page(city.leader, "/desk/escalations/"), Api(city.leader).get("/escalations/").json()["results"]
        assert pair.number in desk and TASK in desk
        assert {row["number"] for row in rest} == {pair.number, TASK}


@pytest.mark.parametrize(("kind", "found"), [("petition", 200), (KIND, 404)])
def test_one_escalation_opens_for_whom_its_record_exists(
    city: SimpleNamespace, pair: SimpleNamespace, kind: str, found: int
) -> None:
    climb()
    key = key_of("escalation", climbed(kind).pk)
    with at(LATER):
        assert reader(city.leader).get(f"/desk/escalations/{key}/").status_code == found
        assert Api(city.leader).get(f"/escalations/{key}/").status_code == found
        answer = Api(city.leader).post(f"/escalations/{key}/acts/acknowledge/")
        assert answer.status_code == found


def test_an_escalation_of_any_kind_names_its_own_record(city: SimpleNamespace, pair: SimpleNamespace) -> None:
    climb()
    show(pair.task, city.leader)
    with at(LATER):
        shown = page(city.leader, f"/desk/escalations/{key_of('escalation', climbed(KIND).pk)}/")
    assert TASK in shown and "督办一件" in shown and pair.number not in shown


def test_the_inbox_keeps_back_what_was_walled_off_of_either_kind(city: SimpleNamespace, pair: SimpleNamespace) -> None:
    climb()
    with at(LATER):
        told = page(city.leader, "/desk/inbox/")
        assert pair.number in told and TASK not in told
        show(pair.task, city.leader)
        assert TASK in page(city.leader, "/desk/inbox/")


def test_mail_lists_what_exists_for_me_of_each_kind(city: SimpleNamespace, pair: SimpleNamespace) -> None:
    with at(FILED) as now:
        event()
        Preference.objects.create(user=city.handler, email="handler@office.example", since=now, digest_hour=0)
    with at("2026-11-17 09:00"), post_office() as post:
        deliver()
        deliver()
    (mail,) = post.mails
    text = mail.get_content()  # type: ignore[attr-defined]
    assert pair.number in text and TASK not in text


def statements(user: Any, path: str) -> int:
    client = reader(user)
    client.get(path)
    with CaptureQueriesContext(connection) as sent:
        assert client.get(path).status_code == 200
    return len(sent)


@pytest.mark.parametrize("path", ["/desk/", "/desk/inbox/", "/desk/escalations/"])
def test_more_tasks_cost_no_statement_more(
    city: SimpleNamespace, pair: SimpleNamespace, tasks: ChoreAdapter, path: str
) -> None:
    def another(n: int) -> Chore:
        pk = pair.filed.demand.pk + 1000 + n
        return make_chore(f"DB20260915-{n:06d}", "督办", city.post["leader"], readers=[city.leader], pk=pk)

    show(pair.task, city.leader)
    with at(FILED) as now:
        for n in range(100, 103):
            owe(another(n), now)
    climb()
    with at(LATER):
        few = statements(city.leader, path)
    with at(FILED) as now:
        for n in range(10, 20):
            owe(another(n), now)
    climb()
    with at(LATER):
        assert statements(city.leader, path) == few
