"""What each act leaves behind: where the petition is, what is owed by whom, what the petitioner is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from citizens.filing.idempotency import OtherBody, StillRunning, delete_expired, once
from citizens.models import CitizenNotification, IdempotencyKey
from massline.acts import Invalid, Refused, WrongState
from petitions.filing import filing
from petitions.models import Answer, Demand, Petition, State
from records.models import ActText
from responsibility.models import Notice, Obligation
from tests.city import ANSWER, REGISTER, act, build_city, file_petition, filing_data, tell_all, walk_to


def owed(demand: Demand) -> dict[str, str]:
    """What is open, and on whom."""
    found = Obligation.objects.open().about("petition", demand.pk).select_related("post")
    return {o.rule: o.post.name for o in found}


def letters(demand: Demand) -> list[tuple[str, str]]:
    return list(
        CitizenNotification.objects.about("petition", demand.pk).order_by("id").values_list("letter", "office__code")
    )


@pytest.mark.django_db
def test_registering_says_what_where_and_what_for(city: SimpleNamespace) -> None:
    filed = file_petition()
    demand = act(
        filed.demand, "clerk", "register",
        {"category": "010102", "region": "990102000000", "purpose": "consultation"},
    )  # fmt: skip
    assert (demand.category, demand.purpose) == ("010102", "consultation")
    assert Petition.objects.get().region.name == "东区"
    assert owed(demand) == {"XF01": "来信来访登记岗"}, "registering alone does not end what is owed for it"


@pytest.mark.django_db
def test_forwarding_moves_the_petition_and_what_is_owed(city: SimpleNamespace) -> None:
    demand = walk_to(State.FORWARDED).demand
    assert demand.organ == city.organ["department"] and demand.handler is None
    assert owed(demand) == {"XF03": "信访专办岗"}
    assert letters(demand) == [("forwarded", "office")]
    assert Notice.objects.filter(kind="petition.arrived").values_list("recipient__username", flat=True)[0] == "receiver"
    assert demand.due_at == Obligation.objects.open().get().due_at


@pytest.mark.django_db
@pytest.mark.parametrize("organ", ["office", "district_office", "nowhere", ""])
def test_a_petition_is_forwarded_only_to_an_organ_that_can_act(city: SimpleNamespace, organ: str) -> None:
    demand = walk_to(State.REGISTERED).demand
    with pytest.raises(Invalid):
        act(demand, "clerk", "forward", {"organ": organ, "note": ""})
    assert Demand.objects.get().state == State.REGISTERED and not CitizenNotification.objects.exists()


@pytest.mark.django_db
def test_an_objection_that_is_upheld_brings_it_back_and_one_that_is_dismissed_does_not(city: SimpleNamespace) -> None:
    first = walk_to(State.OBJECTED)
    assert owed(first.demand) == {"ML04": "来信来访登记岗"}
    back = act(first.demand, "chief", "decide_objection", {"agree": "true", "reason": "确不属于"})
    assert (back.state, back.organ) == (State.REGISTERED, city.organ["office"]) and owed(back)
    second = walk_to(State.OBJECTED)
    due = Obligation.objects.about("petition", second.demand.pk).get(rule="XF03").due_at
    stays = act(second.demand, "chief", "decide_objection", {"agree": "false", "reason": "属于"})
    assert (stays.state, stays.organ) == (State.FORWARDED, city.organ["department"])
    assert owed(stays) == {"XF03": "信访专办岗"} and stays.due_at == due, "objecting wins no time"


@pytest.mark.django_db
def test_the_round_from_acceptance_to_write_off(city: SimpleNamespace) -> None:
    demand = walk_to(State.ACCEPTED).demand
    assert owed(demand) == {"XF06": "信访专办岗"}
    demand = act(demand, "deputy", "assign", {"handler": "handler"})
    assert owed(demand) == {"XF06": "房屋安全科科员"}
    due = demand.due_at
    demand = act(demand, "handler", "answer", ANSWER)
    assert owed(demand) == {"ML01": "来信来访登记岗", "ML06": "信访专办岗"} and demand.outcome == "supported"
    tell_all(demand)
    assert owed(demand) == {"ML01": "来信来访登记岗"}
    demand = act(demand, "chief", "return", {"reason": "未见现场照片"})
    assert (demand.state, demand.outcome) == (State.HANDLING, "")
    tell_all(demand)
    demand.refresh_from_db()
    assert owed(demand) == {"XF06": "房屋安全科科员"} and demand.due_at == due, "a returned answer wins no time"
    demand = act(demand, "handler", "answer", {"outcome": "explained", "text": "已补充现场照片"})
    demand = act(demand, "clerk", "write_off", {"evidence": "回访满意"})
    tell_all(demand)
    demand.refresh_from_db()
    assert (demand.state, demand.outcome, demand.due_at) == (State.CLOSED, "explained", None)
    assert owed(demand) == {} and Answer.objects.count() == 2
    assert [letter for letter, _office in letters(demand)] == [
        "forwarded", "accepted", "answered", "returned", "answered", "closed",
    ]  # fmt: skip


@pytest.mark.django_db
def test_declining_tells_why_and_where_to_go(city: SimpleNamespace) -> None:
    demand = walk_to(State.NOT_ACCEPTED).demand
    told = CitizenNotification.objects.about("petition", demand.pk).get(letter="declined").text
    assert "已进入诉讼程序" in told and "试水市中级人民法院" in told and demand.petition.number in told
    assert owed(demand) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.RECEIVED, State.OBJECTED, State.ANSWERED])
def test_withdrawing_ends_everything_that_is_owed(city: SimpleNamespace, state: str) -> None:
    filed = walk_to(state)
    demand = act(filed.demand, "citizen", "withdraw", {"reason": "已经解决"})
    assert (demand.state, demand.outcome, demand.due_at) == (State.WITHDRAWN, "", None) and owed(demand) == {}
    assert set(Obligation.objects.about("petition", demand.pk).values_list("outcome", flat=True)) <= {
        "released", "met",
    }  # fmt: skip


@pytest.mark.django_db
def test_whoever_handles_it_never_verifies_it(city: SimpleNamespace) -> None:
    demand = walk_to(State.ACCEPTED).demand
    demand = act(demand, "leader", "assign", {"handler": "deputy"})
    demand = act(demand, "deputy", "answer", ANSWER)
    with pytest.raises(Refused):
        act(demand, "deputy", "write_off", {"evidence": "我自己看过了"})
    with pytest.raises(WrongState):
        act(demand, "leader", "assign", {"handler": "handler"})
    with pytest.raises(Refused, match="由信访部门核实销号"):
        act(demand, "leader", "write_off", {"evidence": "回访满意"})
    assert act(demand, "clerk", "write_off", {"evidence": "回访满意"}).state == State.CLOSED


@pytest.mark.django_db
def test_an_act_that_fails_halfway_leaves_nothing(city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    demand = walk_to(State.REGISTERED).demand
    events = AuditEvent.objects.count()

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the last effect breaks")

    monkeypatch.setattr("responsibility.effects.Notifies.apply", broken)
    with pytest.raises(RuntimeError):
        act(demand, "clerk", "forward", {"organ": "department", "note": "请办理"})
    assert Demand.objects.get().state == State.REGISTERED
    assert (AuditEvent.objects.count(), ActText.objects.count(), CitizenNotification.objects.count()) == (events, 0, 0)
    assert owed(demand) == {"XF01": "来信来访登记岗"}


def test_the_same_form_sent_from_many_hands_at_once_is_filed_once(cloned_db: str) -> None:
    build_city()
    data = filing_data()
    body = {name: str(value) for name, value in data.items()}

    def send(_n: int) -> str:
        try:
            return str(once("form:one", body, lambda: filing.file(data))["number"])
        except StillRunning:
            return "still running"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as hands:
        answers = set(hands.map(send, range(12)))
    assert Petition.objects.count() == 1
    assert answers - {"still running"} == {Petition.objects.get().number}


@pytest.mark.django_db
def test_a_filing_that_fails_leaves_its_key_free_and_an_answer_is_forgotten_after_a_day(city: SimpleNamespace) -> None:
    data = filing_data()
    body = {name: str(value) for name, value in data.items()}

    def broken() -> Any:
        filing.file(data)
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        once("form:two", body, broken)
    assert not Petition.objects.exists()
    first = once("form:two", body, lambda: filing.file(data))
    assert once("form:two", body, lambda: filing.file(data)) == first
    with pytest.raises(OtherBody):
        once("form:two", body | {"title": "另一件"}, lambda: filing.file(data))
    delete_expired()
    assert IdempotencyKey.objects.count() == 1
    IdempotencyKey.objects.update(filed_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert once("form:two", body, lambda: filing.file(data)) != first, "a key is free again after a day"
    IdempotencyKey.objects.update(filed_at=timezone.now() - timedelta(hours=24, seconds=1))
    delete_expired()
    assert not IdempotencyKey.objects.exists()


def test_two_who_act_at_once_do_not_both_act(cloned_db: str) -> None:
    """The second finds the petition in another state."""
    build_city()
    filed = walk_to(State.ANSWERED)

    def verify(who: str) -> str:
        try:
            return str(act(filed.demand, who, "write_off", {"evidence": "已回访"}).state)
        except WrongState:
            return "too late"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        ends = sorted(hands.map(verify, ["clerk", "chief", "clerk", "chief"]))
    assert ends == ["closed", "too late", "too late", "too late"]
    closed = AuditEvent.objects.filter(name="petition.closed")
    assert ActText.objects.filter(kind="evidence").count() == closed.count() == 1
    assert CitizenNotification.objects.filter(letter="closed").count() == 1
    assert REGISTER["purpose"] == Demand.objects.get().purpose
