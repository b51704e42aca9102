"""How many statements a page costs: the same with three petitions as with sixty, and never more than was promised.

Counted is what the driver sends, by whatever cursor: everything but BEGIN and COMMIT, and what has a statement planned,
which is paid once a connection. The module commits to a database
of its own, since a transaction around a test would turn those into savepoints.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, ClassVar

import psycopg2.extensions
import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.models import User
from massline.keys import key_of
from petitions.models import Petition, State
from records.importing.models import Import
from responsibility.models import Message, Notice, Organ
from responsibility.sweep import sweep
from tests import database
from tests.api import FILING, V1, token_for
from tests.chain_lab import event
from tests.city import act, build_city, file_petition, walk_to

FILING_MOST, LEDGER_MOST, LIST_MOST, PETITION_MOST, TRACKING_MOST, ESCALATION_MOST = 13, 13, 15, 17, 20, 19
LISTS = (
    ("clerk", "/desk/"),
    ("handler", "/desk/"),
    ("leader", "/desk/"),
    ("secretary", "/desk/"),
    ("clerk", "/desk/ledger/"),
    ("leader", "/desk/ledger/"),
    ("mayor", "/desk/ledger/"),
    ("auditor", "/desk/ledger/"),
    ("clerk", "/desk/ledger/?q=楼道&overdue=true&organ=office&category=010000&state=received"),
    ("mayor", "/desk/ledger/?cohort=routed&cohort_from=2020-01-01&cohort_to=2099-12-31&result=overdue&owed_by=office"),
    ("auditor", "/desk/ledger/?open=true&received_from=2020-01-01&due_to=2099-12-31"),
    ("clerk", "/desk/ledger/?state=received"),
    ("clerk", "/desk/ledger/?organ=office"),
    ("clerk", "/desk/ledger/?category=010000"),
    ("clerk", "/desk/ledger/?overdue=true"),
    ("clerk", "/desk/ledger/?q=楼道"),
    ("clerk", "/desk/inbox/"),
    ("leader", "/desk/inbox/"),
    ("clerk", "/desk/imports/"),
    ("leader", "/desk/undelivered/"),
    ("clerk", "/desk/letters/"),
    ("receiver", "/desk/letters/"),
    ("leader", "/desk/escalations/"),
    ("mayor", "/desk/escalations/"),
    ("clerk", V1 + "/petitions/"),
    ("mayor", V1 + "/petitions/?q=楼道&overdue=true"),
    ("leader", V1 + "/escalations/"),
    ("mayor", V1 + "/escalations/"),
)


class Counting(psycopg2.extensions.cursor):
    """The driver's cursor, telling what it sends."""

    sent: ClassVar[list[str]] = []

    def execute(self, query: str, vars: Any = None) -> None:
        if "long_plan" not in query and not query.startswith(("PREPARE ", "DEALLOCATE ")):
            Counting.sent.append(query)
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        for vars in vars_list:
            self.execute(query, vars)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent inside."""
    connection.ensure_connection()
    raw: Any = connection.connection
    before, raw.cursor_factory = raw.cursor_factory, Counting
    Counting.sent = sent = []
    try:
        yield sent
    finally:
        raw.cursor_factory = before


@pytest.fixture(scope="module", autouse=True)
def no_minute_passes() -> Iterator[None]:
    """Once a minute a page notes that somebody is there; how long these tests run must not be counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "SAVED_EVERY", 3600)
        yield


def test_to_note_that_somebody_is_there_costs_two_statements_once_a_minute(
    world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, _length = cost(world, "clerk", "/desk/ledger/")
    monkeypatch.setattr(sessions, "SAVED_EVERY", 60)
    with time_machine.travel(timezone.now() + timedelta(seconds=100)):
        noted, _length = cost(world, "clerk", "/desk/ledger/")
        again, _length = cost(world, "clerk", "/desk/ledger/")
    assert len(noted) == len(plain) + 2 and "UPDATE" in noted[-1], grown(plain, noted)
    assert len(again) == len(plain)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The city with three petitions of every sort; `more()` brings sixty."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        with database.clone("counts") as name:
            database.point_at(name)
            try:
                city = build_city()
                made = SimpleNamespace(city=city, clients={}, tokens={}, small={})
                for who in {who for who, _path in LISTS} | {"chief", "deputy", "receiver", "handler", "inspector"}:
                    made.clients[who] = signed_in(getattr(city, who))
                    made.tokens[who] = token_for(getattr(city, who))
                some(1)
                made.small = {each: cost(made, *each) for each in LISTS}
                some(19)
                made.large = {each: cost(made, *each) for each in LISTS}
                yield made
            finally:
                database.point_at(before)


def signed_in(user: Any) -> Client:
    client = Client()
    with transaction.atomic():
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def an_undelivered_message(when: Any) -> None:
    n = Message.objects.count()
    with transaction.atomic():
        event()
        Message.objects.create(
            purpose="digest", channel="email", recipient=User.objects.get(username="handler"), made_at=when,
            day=when.date() + timedelta(days=n), state="failed", message_id=f"<{n}@x>", fault="SMTP 550",
        )  # fmt: skip


def some(times: int) -> None:
    """One overdue and climbed to the root, one being handled, one answered: as many of each."""
    long_ago = timezone.now() - timedelta(days=100)
    for _again in range(times):
        file_petition(received_at=long_ago, complained_about=[{"kind": "person", "name": "某人", "organ": ""}])
        walk_to(State.HANDLING)
        act(walk_to(State.FORWARDED).demand, "citizen", "urge")
        an_import()
        an_undelivered_message(long_ago)
    for days in (0, 7, 14, 20, 30, 40):
        sweep(timezone.now() + timedelta(days=days))


@transaction.atomic
def an_import() -> None:
    """One that is over, and the one notice that it brought."""
    clerk = User.objects.get(username="clerk")
    office = Organ.objects.get(code="office")
    now = timezone.now()
    told = now + timedelta(days=60)  # on the first page of the inbox, after all that the sweeps tell
    job = Import.objects.create(
        kind="petition", asked_by=clerk, asked_at=now, office=office, filename="a.csv", state="done"
    )
    Notice.objects.create(
        recipient=clerk, kind="petition.imported", subject_kind="import", subject_key=job.key, told_at=told
    )


def cost(world: SimpleNamespace, who: str, path: str) -> tuple[list[str], int]:
    """What a page costs, and how long it is."""
    headers = {"Authorization": f"Bearer {world.tokens[who]}"} if path.startswith(V1) else {}
    with counted() as sent:
        response = world.clients[who].get(path, headers=headers)
    assert response.status_code == 200
    return list(sent), len(response.content)


@pytest.mark.parametrize(("who", "path"), LISTS)
def test_a_list_costs_the_same_however_long_it_is(world: SimpleNamespace, who: str, path: str) -> None:
    few, short = world.small[who, path]
    many, long = world.large[who, path]
    assert len(without_total(many)) == len(few), grown(few, many)
    assert len(many) <= (LEDGER_MOST if "/ledger/" in path else LIST_MOST), "\n".join(many)
    assert long > short + 500, "nothing more to see than before: this list proves nothing"


def without_total(statements: list[str]) -> list[str]:
    """Leaves out the one statement by which a list of several pages says how many it has, up to a thousand."""
    totals = [one for one in statements if one.startswith("SELECT COUNT(*) FROM (SELECT") and "LIMIT 1001)" in one]
    assert len(totals) <= 1
    return [one for one in statements if one not in totals]


def grown(few: list[str], many: list[str]) -> str:
    return "\n".join(statement[:300] for statement in many if many.count(statement) > few.count(statement))


NAMED = [{"kind": "person", "name": "某人", "organ": ""}, {"kind": "organ", "name": "某单位", "organ": ""}]


@pytest.mark.parametrize("path", ["/desk/petitions/{}/", V1 + "/petitions/{}/"])
def test_a_petition_page_costs_at_most_seventeen_statements(world: SimpleNamespace, path: str) -> None:
    """Two of them since other records can be proposed because of it. In every state, and of every kind:
    test_query_counts_of_kinds.py."""
    filed = walk_to(State.ANSWERED, complained_about=NAMED)
    for who in ("clerk", "handler", "leader"):
        sent, _length = cost(world, who, path.format(filed.number))
        assert len(sent) <= PETITION_MOST, f"{who} {len(sent)}\n" + "\n".join(s[:150] for s in sent)


def test_the_page_of_a_group_costs_one_statement_more(world: SimpleNamespace) -> None:
    others = [{"name": "李代表", "phone": ""}]
    filed = walk_to(State.HANDLING, complained_about=NAMED, persons=6, representatives=others)
    sent, _length = cost(world, "leader", f"/desk/petitions/{filed.number}/")
    assert len(sent) <= PETITION_MOST + 1, "\n".join(s[:150] for s in sent)


def test_what_climbed_costs_a_fixed_number_of_statements(world: SimpleNamespace) -> None:
    from responsibility.models import Escalation

    e = Escalation.objects.filter(step="top", state="sent").first()
    assert e is not None
    who = "leader" if e.organ == world.city.organ["department"] else "chief"
    key = key_of("escalation", e.pk)
    for path in (f"/desk/escalations/{key}/", f"{V1}/escalations/{key}/"):
        sent, _length = cost(world, who, path)
        assert len(sent) <= ESCALATION_MOST, f"{len(sent)}\n" + "\n".join(s[:150] for s in sent)


@pytest.mark.parametrize("choice", ["number", "listed"])
def test_the_choice_for_a_bulk_act_costs_the_same_however_many_are_chosen(world: SimpleNamespace, choice: str) -> None:
    numbers = list(Petition.objects.values_list("number", flat=True)[:50])
    costs = []
    for chosen in (numbers[:2], numbers):
        with counted() as sent:
            more = {"all": "1"} if choice == "listed" else {}
            answer = world.clients["clerk"].post("/desk/petitions/bulk/", {choice: chosen} | more)
        assert answer.status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= LIST_MOST


FORM = {
    "title": "楼道照明长期不亮", "body": "三单元楼道灯坏了两个月。", "category": "010101", "region": "990100000000",
    "purpose": "request", "wish": "请尽快修好", "place": "幸福里3号楼", "name": "宋试民", "phone": "13900000000",
    "tell_by": "sms", "email": "", "id_number": "", "address": "", "altcha": "", "checked": "1",
    "complained-TOTAL_FORMS": "3", "complained-INITIAL_FORMS": "0",
    "complained-0-kind": "organ", "complained-0-name": "试水市住房和城乡建设局", "complained-0-organ": "",
    "complained-1-kind": "person", "complained-1-name": "傅主管", "complained-1-organ": "试水市住房和城乡建设局",
    "complained-2-kind": "person", "complained-2-name": "", "complained-2-organ": "",
}  # fmt: skip


def filing_on_the_page(nonce: str, named: bool) -> Any:
    form = FORM | {"nonce": nonce}
    if not named:
        form |= {"complained-0-name": "", "complained-1-name": "", "complained-1-organ": ""}
    return Client().post("/file/", form).status_code == 302


def filing_through_rest(nonce: str, named: bool) -> Any:
    people = [{"kind": "person", "name": name, "organ": "市住建局"} for name in ("傅主管", "林局长", "罗处长", "王某")]
    body = FILING | {"complained_about": [*FILING["complained_about"], *people] if named else []}
    response = Client().post(
        V1 + "/public/petitions/", body, content_type="application/json", headers={"Idempotency-Key": nonce * 4}
    )
    return response.status_code == 201


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("how", [filing_on_the_page, filing_through_rest])
def test_filing_costs_at_most_thirteen_statements(
    world: SimpleNamespace, how: Callable[[str, bool], bool], named: bool
) -> None:
    """With a key (the page has its nonce), and whether nobody is named or several people are."""
    how(f"warm-{how.__name__}-{named}", named)
    with counted() as sent:
        assert how(f"n-{how.__name__}-{named}", named)
    assert len(sent) <= FILING_MOST, f"{len(sent)}\n" + "\n".join(s[:200] for s in sent)


def test_tracking_costs_at_most_twenty_statements(world: SimpleNamespace) -> None:
    filed, client = walk_to(State.ANSWERED), Client()
    with counted() as sent:
        assert client.post("/track/", {"number": filed.number, "tracking_code": filed.code}).status_code == 302
        assert client.get("/track/own/").status_code == 200
    assert len(sent) <= TRACKING_MOST, "\n".join(s[:150] for s in sent)


def test_the_counter_counts(world: SimpleNamespace) -> None:
    """Statements of plain cursors too, such as those that tell the database who acts."""
    with counted() as sent, connection.connection.cursor() as plain, connection.cursor() as cursor:
        plain.execute("SELECT 1")
        cursor.execute("SELECT 2")
    assert sent == ["SELECT 1", "SELECT 2"]
