"""Proposals that a record of another kind be opened."""

from typing import Any

from django.utils import timezone

from records.models import Link, Proposal
from tests.guards import refused

NUMBERS = iter(range(10**6))


def _proposal(city: Any, **more: Any) -> Proposal:
    given = {
        "source_kind": "a", "source_id": 1, "source_key": "A-1", "proposed": "b", "relation": "led_to",
        "organ": city.organ["office"], "title": "查一查", "reason": "反复发生，需要查清", "made_by": city.handler,
        "made_at": timezone.now(), "number": f"TQ-{next(NUMBERS)}",
    }  # fmt: skip
    return Proposal.objects.create(**given | more)


def _decided(city: Any, state: str, **more: Any) -> Proposal:
    return _proposal(city, **{"state": state, "decided_by": city.chief, "decided_at": timezone.now()} | more)


def _link(city: Any) -> Link:
    return Link.objects.create(
        source_kind="a", source_id=1, source_key="A-1", target_kind="b", target_id=1, target_key="B-1",
        relation="led_to", event=1, made_at=timezone.now(), made_by=city.chief,
    )  # fmt: skip


@refused("proposed_once_at_a_time")
def _(city):
    _decided(city, "declined", answer="另有安排，不再重复办理")
    _proposal(city)
    _proposal(city)


@refused("proposal_state")
def _(city):
    _decided(city, "lost")


@refused("proposal_decided_by_whom")
def _(city):
    _proposal(city, decided_by=city.chief, decided_at=timezone.now())


@refused("proposal_decided_by_whom")
def nobody(city):
    _decided(city, "declined", answer="另有安排，不再重复办理", decided_by=None)


@refused("proposal_decided_by_whom")
def never(city):
    _decided(city, "taken", link=_link(city), decided_at=None)


@refused("proposal_decided_by_another")
def _(city):
    _decided(city, "declined", answer="另有安排，不再重复办理", decided_by=city.handler)


@refused("proposal_decided_by_another")
def withdrawn_by_another(city):
    _decided(city, "withdrawn")


@refused("proposal_decided_by_whom")
def withdrawn_by_nobody(city):
    _decided(city, "withdrawn", decided_by=None)


@refused("proposal_declined_with_reason")
def withdrawn_with_a_reason(city):
    _decided(city, "withdrawn", decided_by=city.handler, answer="另有安排，不再重复办理")


@refused("proposal_taken_is_linked")
def withdrawn_with_a_link(city):
    _decided(city, "withdrawn", decided_by=city.handler, link=_link(city))


@refused("proposal_taken_is_linked")
def _(city):
    _decided(city, "taken")


@refused("proposal_taken_is_linked")
def open_with_a_link(city):
    _proposal(city, link=_link(city))


@refused("proposal_declined_with_reason")
def _(city):
    _decided(city, "declined")


@refused("proposal_declined_with_reason")
def open_with_a_reason(city):
    _proposal(city, answer="另有安排，不再重复办理")
