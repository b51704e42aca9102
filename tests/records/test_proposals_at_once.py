"""Several decide about one proposal at the same moment: one is done, and one record is opened at the most."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from massline.acts import WrongState, perform
from records.models import Link, Proposal
from records.proposals.acts import PROPOSAL_ACTS
from records.proposals.proposing import ProposedAlready, propose
from responsibility.models import Post
from tests.chain_lab import appoint, event, person
from tests.city import build_city, walk_to
from tests.kinds.lab import paper_kinds, proposable
from tests.kinds.models import Errand
from tests.petitions.test_acts_at_once import at_once

WORDS = {"title": "查一查楼道照明", "words": "", "reason": "同类问题三个月内反映了五次"}


@pytest.fixture
def world(cloned_db: str) -> Iterator[SimpleNamespace]:
    """The other department has two heads (党政同责), who both decide."""
    city = build_city()
    with transaction.atomic():
        event()
        secretary = person("second_head")
        appoint(secretary, Post.objects.create(organ=city.organ["other"], name="党组书记", is_top=True))
        demand = walk_to("handling").demand
    with paper_kinds(), proposable(lambda source: city.organ["other"]):
        yield SimpleNamespace(city=city, demand=demand, heads=(city.other_leader, secretary))


def outcome(press: Any) -> Any:
    try:
        return press()
    except WrongState as error:
        return error


def decide(user: Any, proposal: Proposal, slug: str, **given: str) -> Any:
    return lambda: outcome(lambda: perform(PROPOSAL_ACTS[slug], Proposal, proposal.pk, user, given).state)


def test_two_take_it_up_and_one_record_is_opened(world: SimpleNamespace) -> None:
    proposal = propose("errand", WORDS, world.city.handler, world.demand)
    first, second = at_once(
        proposal,
        decide(world.heads[0], proposal, "take_up", title="我来查"),
        decide(world.heads[1], proposal, "take_up", title="我也来查"),
    )
    assert first == "taken" and isinstance(second, WrongState) and "已采纳" in str(second)
    assert Errand.objects.get().title == "我来查" and Link.objects.count() == 1


def test_declined_meanwhile_it_is_not_taken_up(world: SimpleNamespace) -> None:
    proposal = propose("errand", WORDS, world.city.handler, world.demand)
    first, second = at_once(
        proposal,
        decide(world.heads[0], proposal, "decline", reason="已列入年度维修计划，不再重复"),
        decide(world.heads[1], proposal, "take_up", title="我来查"),
    )
    assert first == "declined" and isinstance(second, WrongState) and not Errand.objects.exists()


def test_withdrawn_meanwhile_it_is_not_taken_up(world: SimpleNamespace) -> None:
    proposal = propose("errand", WORDS, world.city.handler, world.demand)
    first, second = at_once(
        proposal,
        decide(world.city.handler, proposal, "withdraw"),
        decide(world.heads[0], proposal, "take_up", title="我来查"),
    )
    assert first == "withdrawn" and isinstance(second, WrongState) and "撤回" in str(second)
    assert not Errand.objects.exists()


def test_two_propose_the_same_and_one_waits(world: SimpleNamespace) -> None:
    def press(user: Any) -> Any:
        return lambda: outcome(lambda: propose("errand", WORDS, user, world.demand).state)

    first, second = at_once(world.demand, press(world.city.handler), press(world.city.deputy))
    assert first == "open" and isinstance(second, ProposedAlready) and Proposal.objects.count() == 1
