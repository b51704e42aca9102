"""延长办理期限 (Art. 34): once, at most thirty days, by the head of the organ, while the period still runs."""

from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from massline.acts import Invalid, Refused, WrongState
from petitions.models import Demand, State
from responsibility.models import Appointment, Obligation
from tests.api import Api
from tests.chain_lab import at, event, sh, sweep_at
from tests.city import ANSWER, act, file_petition, tell_all, walk_to
from tests.reader import tracked, words

pytestmark = pytest.mark.django_db
GIVEN = {"days": "20", "reason": "涉及三个单位，需要现场勘验"}


@pytest.fixture
def handled(city: SimpleNamespace) -> Any:
    """Accepted on 15 September: sixty days end with 14 November, a Saturday, so Monday the 16th by law."""
    with at("2026-09-15 10:00") as now:
        return walk_to(State.HANDLING, file_petition(received_at=now))


def owed(demand: Demand) -> Obligation:
    return Obligation.objects.about("petition", demand.pk).get(rule="XF06")


def extend(filed: Any, who: str = "leader", moment: str = "2026-11-01 10:00", **given: str) -> Demand:
    with at(moment):
        return act(filed.demand, who, "extend", GIVEN | given)


def test_the_head_extends_the_period_and_the_petitioner_is_told_why_and_until_when(handled: Any) -> None:
    before = owed(handled.demand)
    demand = extend(handled)
    after = owed(demand)
    assert str(before.due_strict) == "2026-11-14" and str(after.due_strict) == "2026-12-04"
    assert (after.extended_days, after.breached_at, demand.state) == (20, None, State.HANDLING)
    told = CitizenNotification.objects.about("petition", demand.pk).get(letter="extended")
    assert told.office.code == "department" and told.told_at is None
    assert told.owed and demand.due_at == told.owed.due_at, "first the petitioner has to be told"
    tell_all(demand)
    demand.refresh_from_db()
    assert demand.due_at == after.due_at and demand.strict_at == after.strict_at, "the ledger follows"
    for said in ("延长20日", "至2026年12月4日", GIVEN["reason"], "第三十四条"):
        assert said in told.text
    done = AuditEvent.objects.get(name="extended")
    assert done.public and done.facts["days"] == 20 and done.facts["due"] == "2026-12-04"


def test_the_petitioner_reads_it_in_the_story(handled: Any) -> None:
    extend(handled)
    citizen = Client()
    citizen.post("/track/", {"number": handled.number, "tracking_code": handled.code})
    page = unescape(citizen.get("/track/own/").content.decode())
    assert "延期20日，至2026年12月4日" in page and GIVEN["reason"] in page


def test_story_and_letter_name_the_day_by_law_when_the_last_one_is_a_day_off(handled: Any) -> None:
    """Twenty-one days from Saturday, 14 November end with Saturday, 5 December; by law it is Monday the 7th."""
    demand = extend(handled, days="21")
    assert (str(owed(demand).due_strict), str(owed(demand).due_legal)) == ("2026-12-05", "2026-12-07")
    assert "至2026年12月7日" in CitizenNotification.objects.about("petition", demand.pk).get(letter="extended").text
    story = words(tracked(handled))
    assert (
        "延期21日，至2026年12月7日" in story
        and "2026年12月5日" not in story.split("延期21日", 1)[1].split("期限", 1)[0]
    )


def test_once_only_also_after_an_answer_was_returned(handled: Any) -> None:
    extend(handled)
    with pytest.raises(WrongState, match="只能延长一次"):
        extend(handled)
    with at("2026-11-02 10:00"):
        act(handled.demand, "handler", "answer", ANSWER)
        act(handled.demand, "chief", "return", {"reason": "未见现场照片"})
    with pytest.raises(WrongState, match="只能延长一次"):
        extend(handled, moment="2026-11-03 10:00")
    assert owed(handled.demand).extended_days == 20


@pytest.mark.parametrize(
    ("given", "field"),
    [({"days": "0"}, "days"), ({"days": "31"}, "days"), ({"days": ""}, "days"), ({"days": "几"}, "days"),
     ({"reason": ""}, "reason"), ({"reason": "　"}, "reason")],
)  # fmt: skip
def test_one_to_thirty_days_with_a_reason(handled: Any, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        extend(handled, **given)
    assert set(caught.value.errors) == {field}
    assert (
        owed(handled.demand).extended_days == 0 and not CitizenNotification.objects.filter(letter="extended").exists()
    )


@pytest.mark.parametrize("days", ["1", "30"])
def test_one_day_and_thirty_are_good(handled: Any, days: str) -> None:
    extend(handled, days=days)
    assert owed(handled.demand).extended_days == int(days)


@pytest.mark.parametrize("who", ["handler", "deputy", "receiver", "clerk", "chief", "mayor", "inspector"])
def test_nobody_but_the_head_of_the_organ_decides(handled: Any, who: str) -> None:
    with pytest.raises(Refused):
        extend(handled, who)
    assert owed(handled.demand).extended_days == 0


def test_a_head_who_handles_it_does_not_extend_their_own_period(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.ACCEPTED, file_petition(received_at=now))
        act(filed.demand, "leader", "assign", {"handler": "leader"})
    with pytest.raises(Refused, match="自己的办理期限"):
        extend(filed)


def test_a_deputy_who_stands_in_for_the_head_and_handles_it_does_not_either(city: SimpleNamespace) -> None:
    with at("2026-09-15 10:00") as now:
        filed = walk_to(State.HANDLING, file_petition(received_at=now))
    event()
    held = Appointment.objects.filter(post=city.post["leader"])
    held.update(until="2026-10-01")
    acting = {"since": "2026-10-01", "kind": "acting", "because": "vacancy"}
    Appointment.objects.create(user=city.handler, post=city.post["leader"], **acting)
    with pytest.raises(Refused):
        extend(filed, "handler")


def test_after_the_period_is_over_it_is_refused_and_the_breach_stays(handled: Any) -> None:
    with pytest.raises(WrongState, match="已经届满"):
        extend(handled, moment="2026-11-17 09:00")
    assert owed(handled.demand).due_at == sh("2026-11-17 00:00"), "nobody swept, and yet it is over"
    sweep_at("2026-11-17 09:00")
    with pytest.raises(WrongState, match="已经届满"):
        extend(handled, moment="2026-11-17 10:00")
    assert owed(handled.demand).breached_at == sh("2026-11-17 00:00")


@pytest.mark.parametrize("state", [State.ACCEPTED, State.ANSWERED, State.CLOSED, State.FORWARDED])
def test_only_while_it_is_being_handled(city: SimpleNamespace, state: str) -> None:
    filed = walk_to(state)
    with pytest.raises(WrongState):
        act(filed.demand, "leader", "extend", GIVEN)


def test_it_is_offered_to_the_head_only_while_it_can_be_done(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    leader = Api(city.leader)
    offered = lambda: {a["slug"] for a in leader.get(f"/petitions/{filed.number}/").json()["acts"]}  # noqa: E731
    assert "extend" in offered()
    fields = next(a for a in leader.get(f"/petitions/{filed.number}/").json()["acts"] if a["slug"] == "extend")[
        "fields"
    ]
    assert [(f["name"], f["type"]) for f in fields] == [("days", "integer"), ("reason", "string")]
    done = leader.post(f"/petitions/{filed.number}/acts/extend/", {"days": 15, "reason": "情况复杂"})
    assert done.status_code == 200 and "extend" not in offered()
    assert "extend" not in {a["slug"] for a in Api(city.deputy).get(f"/petitions/{filed.number}/").json()["acts"]}
