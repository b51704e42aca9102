"""A proposer withdraws what is not decided yet; nobody else does, and nothing waits any more."""

import re
from types import SimpleNamespace

import pytest

from massline.acts import Refused
from records.models import Proposal
from records.proposals.proposing import propose
from tests.chain_lab import at
from tests.kinds.models import Errand
from tests.people_lab import look, rest
from tests.proposal_lab import LATER, WHY_NOT, WORDS, decide, do, filed, form_of, page_of, papers, proposal
from tests.reader import page

__all__ = ["filed", "papers", "proposal"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]


def test_its_proposer_withdraws_it_from_its_page(city: SimpleNamespace, proposal: Proposal) -> None:
    with at(LATER):
        assert "撤回提请" in look(city.handler, page_of(proposal))
        assert "撤回提请" not in look(city.other_leader, page_of(proposal))
        assert "提请 1" in page(city.other_leader, "/desk/")
    answer = decide(city.handler, proposal, "withdraw")
    assert answer.status_code == 302 and answer.headers["Location"] == page_of(proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.answer) == ("withdrawn", city.handler, "")
    with at(LATER):
        assert "提请 1" not in page(city.other_leader, "/desk/"), "nothing waits"
        shown = page(city.other_leader, page_of(proposal))
        assert "已撤回" in shown and "提请已撤回 韩办成" in shown and "采纳并新建" not in shown
        assert proposal.number in look(city.other_leader, "/desk/proposals/?state=withdrawn")


def test_nobody_else_withdraws_it(city: SimpleNamespace, proposal: Proposal) -> None:
    with pytest.raises(Refused):
        do(city.other_leader, proposal, "withdraw")


@pytest.mark.parametrize(("slug", "given"), [("take_up", {"title": "再查"}), ("decline", {"reason": WHY_NOT})])
def test_what_was_withdrawn_is_not_decided(
    city: SimpleNamespace, proposal: Proposal, slug: str, given: dict[str, str]
) -> None:
    do(city.handler, proposal, "withdraw")
    answer = decide(city.other_leader, proposal, slug, **given)
    assert answer.status_code == 409
    assert re.search(r"提请人已于 [^<]*10:00[^<]* 撤回。", answer.content.decode())
    assert not Errand.objects.exists()


def test_what_was_decided_is_not_withdrawn(city: SimpleNamespace, proposal: Proposal) -> None:
    do(city.other_leader, proposal, "decline", reason=WHY_NOT)
    assert decide(city.handler, proposal, "withdraw").status_code == 409


def test_the_same_can_be_proposed_again(city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal) -> None:
    do(city.handler, proposal, "withdraw")
    with at(LATER):
        assert form_of(filed) in look(city.handler, f"/desk/petitions/{filed.number}/")
        assert propose("errand", WORDS, city.handler, filed.demand).state == "open"


def test_the_timeline_of_the_source_says_it(city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal) -> None:
    do(city.handler, proposal, "withdraw")
    with at(LATER):
        lines = rest(city.handler, f"/petitions/{filed.number}/timeline/")["results"]
        (line,) = [line for line in lines if line["event"] == "proposal.withdrawn"]
        assert (line["sentence"], line["actor"]) == ("提请新建跑腿：已撤回", "韩办成")
        assert "已撤回" not in page(city.leader, f"/desk/petitions/{filed.number}/")
