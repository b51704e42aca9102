"""Doing and verifying are different hands: by person, over the whole life of a record, whoever was stood in for."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit import log
from audit.context import Actor
from massline.acts import Refused, permitted
from petitions import events
from petitions.acts import OFFICIAL_ACTS
from petitions.models import Demand, State
from responsibility.models import Appointment
from tests.chain_lab import appoint, at, event, person, post
from tests.city import ANSWER, act, file_petition, walk_to
from tests.people_lab import away, look, stands_in
from tests.reader import reader

pytestmark = pytest.mark.django_db
THEN, LATER = "2026-09-15 10:00", "2026-10-20 10:00"
MOVED = date(2026, 10, 1)


def come_to(city: SimpleNamespace, state: str) -> Demand:
    """A petition that the department's handler has brought that far."""
    with at(THEN) as now:
        found: Demand = walk_to(state, file_petition(received_at=now)).demand
    return found


def moves_to_the_office(city: SimpleNamespace, user: User) -> None:
    """From MOVED on they work in the petition office, which verifies, and no longer in the department."""
    event()
    Appointment.objects.filter(user=user, kind="regular").update(until=MOVED)
    appoint(user, post(city.organ["office"], f"核查岗 {user.username}", is_intake=True), since=MOVED)


def may_write_off(demand: Demand, user: User) -> bool:
    """As the page offers it and as the act decides: both agree."""
    with at(LATER):
        offered = 'id="act-write_off"' in look(user, f"/desk/petitions/{demand.petition.number}/")
        try:
            permitted(OFFICIAL_ACTS["write_off"], Demand.objects.get(pk=demand.pk), User.objects.get(pk=user.pk))
        except Refused:
            allowed = False
        else:
            allowed = True
    assert offered == allowed
    return allowed


def test_whoever_answered_does_not_verify_in_another_post(city: SimpleNamespace) -> None:
    demand = come_to(city, State.ANSWERED)
    moves_to_the_office(city, city.handler)
    moves_to_the_office(city, city.colleague)
    assert not may_write_off(demand, city.handler)
    assert may_write_off(demand, city.colleague) and may_write_off(demand, city.clerk)


def test_nor_after_it_was_returned_and_given_to_somebody_else(city: SimpleNamespace) -> None:
    demand = come_to(city, State.ANSWERED)
    with at(THEN):
        demand = act(demand, "chief", "return", {"reason": "没有写明依据"})
        demand = act(demand, "leader", "assign", {"handler": "colleague"})
        demand = act(demand, "colleague", "answer", ANSWER)
    for who in ("handler", "colleague"):
        moves_to_the_office(city, getattr(city, who))
    assert [may_write_off(demand, getattr(city, who)) for who in ("handler", "colleague", "clerk")] == [
        False, False, True,
    ]  # fmt: skip


def test_an_answer_in_somebodys_name_is_of_both(city: SimpleNamespace) -> None:
    """Neither who stood in nor whom they stood in for; somebody else of the same name may."""
    demand = come_to(city, State.HANDLING)
    event()
    stands_in(city.colleague, away(city.handler, date(2026, 9, 15), date(2026, 9, 20)), date(2026, 9, 15),
              date(2026, 9, 20))  # fmt: skip
    with at("2026-09-16 10:00"):
        demand = act(demand, "colleague", "answer", ANSWER)
    namesake = person(city.handler.name)
    for user in (city.handler, city.colleague, namesake):
        moves_to_the_office(city, user)
    assert not may_write_off(demand, city.handler) and not may_write_off(demand, city.colleague)
    assert may_write_off(demand, namesake)


def test_where_the_log_has_only_a_name_the_name_decides(city: SimpleNamespace) -> None:
    """Events of before say for whom somebody stood in, and not who that is."""
    demand = come_to(city, State.ANSWERED)
    stood_in = Actor("user", "outsider", "魏外人").on_behalf_of("何同事")
    about = log.Subject("petition", demand.petition.number)
    log.record(events.ANSWERED, subject=about, actor=stood_in, facts={"act": "answer"})
    moves_to_the_office(city, city.colleague)
    moves_to_the_office(city, city.outsider)
    assert not may_write_off(demand, city.colleague) and not may_write_off(demand, city.outsider)


def test_who_tried_to_answer_and_was_refused_may_verify(city: SimpleNamespace) -> None:
    demand = come_to(city, State.HANDLING)
    with at(THEN):
        refused = reader(city.chief).post(f"/desk/petitions/{demand.petition.number}/acts/answer/", ANSWER)
        demand = act(demand, "handler", "answer", ANSWER)
    assert refused.status_code == 403
    assert may_write_off(demand, city.chief)


@pytest.mark.parametrize(("state", "asked"), [(State.ANSWERED, 1), (State.HANDLING, 0)])
def test_the_log_is_asked_once_and_only_where_it_decides(city: SimpleNamespace, state: str, asked: int) -> None:
    demand = come_to(city, state)
    with CaptureQueriesContext(connection) as sent:
        OFFICIAL_ACTS.open_to(demand, city.chief)
        OFFICIAL_ACTS.open_to(demand, city.chief)
    assert sum('FROM "audit_event"' in query["sql"] for query in sent) == asked


def test_what_the_refusal_says(city: SimpleNamespace) -> None:
    demand = come_to(city, State.ANSWERED)
    moves_to_the_office(city, city.handler)
    given: dict[str, Any] = {"evidence": "我自己看过了"}
    with at(LATER), pytest.raises(Refused, match="请由其他人核实"):
        act(demand, "handler", "write_off", given)
