"""Proposals of errands because of a petition: who makes and decides them, and their pages."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from massline.acts import perform
from petitions.models import State
from records.models import Proposal
from records.proposals.acts import PROPOSAL_ACTS
from records.proposals.proposing import propose
from tests.chain_lab import at
from tests.city import walk_to
from tests.kinds.lab import WalledKind, paper_kinds, proposable
from tests.reader import reader

DAY, LATER = "2026-09-15 10:00", "2026-09-16 10:00"
WORDS = {"title": "查一查楼道照明", "words": "请查全区的楼道照明。", "reason": "同类问题三个月内反映了五次"}
WHY_NOT = "已列入年度维修计划，不再重复办理"
HIDDEN = "楼道照明长期不亮"
"""The title of the petition, which the other department does not see."""


@pytest.fixture(autouse=True)
def papers(city: SimpleNamespace) -> Iterator[WalledKind]:
    """Errands are proposed to the other department, whose head may open them."""
    with paper_kinds() as walled, proposable(lambda source: city.organ["other"]):
        yield walled


@pytest.fixture
def filed(city: SimpleNamespace) -> SimpleNamespace:
    """A petition in hand: its handler may not open an errand, the head of the department may."""
    with at(DAY):
        return walk_to(State.HANDLING)


@pytest.fixture
def proposal(city: SimpleNamespace, filed: SimpleNamespace) -> Proposal:
    with at(DAY):
        return propose("errand", WORDS, city.handler, filed.demand)


def form_of(filed: SimpleNamespace, kind: str = "errand") -> str:
    return f"/desk/petitions/{filed.number}/propose/{kind}/"


def page_of(proposal: Proposal) -> str:
    return f"/desk/proposals/{proposal.number}/"


def send(user: Any, path: str, moment: str = DAY, **given: str) -> Any:
    with at(moment):
        return reader(user).post(path, given)


def decide(user: Any, proposal: Proposal, slug: str, **given: str) -> Any:
    return send(user, f"{page_of(proposal)}acts/{slug}/", LATER, **given)


def do(user: Any, proposal: Proposal, slug: str, **given: str) -> Proposal:
    with at(LATER):
        done: Proposal = perform(PROPOSAL_ACTS[slug], Proposal, proposal.pk, user, given)
    return done


def seen_by(user: Any) -> set[str]:
    return set(Proposal.objects.for_user(user).values_list("number", flat=True))
