"""Proposals in REST: what their pages show, to whom it exists, and the same acts."""

from types import SimpleNamespace
from typing import Any

import pytest

from records.models import Proposal
from tests.api import Api
from tests.chain_lab import at
from tests.kinds.models import Errand
from tests.people_lab import look
from tests.proposal_lab import HIDDEN, LATER, WHY_NOT, WORDS, filed, page_of, papers, proposal

__all__ = ["filed", "papers", "proposal"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kinds.urls")]


def get(user: Any, path: str, status: int = 200) -> Any:
    with at(LATER):
        answer = Api(user).get(path)
    assert answer.status_code == status, answer.content
    return answer.json()


def post(user: Any, proposal: Proposal, slug: str, status: int = 200, **given: str) -> Any:
    with at(LATER):
        answer = Api(user).post(f"/proposals/{proposal.number}/acts/{slug}/", given)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_row_says_what_the_list_shows(city: SimpleNamespace, proposal: Proposal) -> None:
    (row,) = get(city.other_leader, "/proposals/")["results"]
    assert row["received_at"].startswith("2026-09-15T10:00")
    del row["received_at"]
    assert row == {
        "number": proposal.number, "title": WORDS["title"], "state": "open", "state_label": "待决定",
        "organ": city.organ["other"].code, "organ_name": "试水市城市管理局", "handler": "", "proposed": "errand",
        "made_by": "韩办成", "waits": True, "due_strict": None, "due_legal": None, "overdue": False, "light": "none",
    }  # fmt: skip
    assert get(city.handler, "/proposals/")["results"][0]["waits"] is False


def test_one_says_its_words_and_of_the_source_what_exists_for_the_reader(
    city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal
) -> None:
    theirs, mine = (get(who, f"/proposals/{proposal.number}/") for who in (city.other_leader, city.handler))
    assert theirs["proposal"] == mine["proposal"] | {"source": None}
    assert mine["proposal"]["source"] == {
        "number": filed.number, "title": HIDDEN, "url": f"/desk/petitions/{filed.number}/",
    }  # fmt: skip
    assert {name: theirs["proposal"][name] for name in ("words", "reason", "opened", "undecidable")} == {
        "words": WORDS["words"], "reason": WORDS["reason"], "opened": None, "undecidable": False,
    }  # fmt: skip
    assert filed.number not in str(theirs) and HIDDEN not in str(theirs)
    assert [one["slug"] for one in theirs["acts"]] == ["take_up", "decline"]
    assert [field["name"] for field in theirs["acts"][0]["fields"]] == ["title"], "the form of the proposed kind"
    assert [one["slug"] for one in mine["acts"]] == ["withdraw"]


@pytest.mark.parametrize("who", ["leader", "deputy", "outsider", "auditor"])
def test_for_others_there_is_none(city: SimpleNamespace, proposal: Proposal, who: str) -> None:
    user = getattr(city, who)
    assert get(user, "/proposals/")["results"] == []
    for path in ("", "timeline/"):
        get(user, f"/proposals/{proposal.number}/{path}", 404)
    post(user, proposal, "decline", 404, reason=WHY_NOT)


def test_it_is_taken_up(city: SimpleNamespace, filed: SimpleNamespace, proposal: Proposal) -> None:
    done = post(city.other_leader, proposal, "take_up", title="查全区楼道照明")
    made = Errand.objects.get()
    assert (made.title, done["state"], done["acts"], done["waits"]) == ("查全区楼道照明", "taken", [], False)
    assert done["proposal"]["opened"] == {
        "number": made.number, "title": made.title, "url": f"/desk/errands/{made.number}/",
    }  # fmt: skip
    assert get(city.handler, f"/proposals/{proposal.number}/")["proposal"]["opened"] is None
    assert [line["event"] for line in get(city.handler, f"/proposals/{proposal.number}/timeline/")["results"]] == [
        "made", "taken_up",
    ]  # fmt: skip


def test_it_is_declined_with_a_reason(city: SimpleNamespace, proposal: Proposal) -> None:
    assert "reason" in post(city.other_leader, proposal, "decline", 422, reason="不行")["errors"]
    assert post(city.other_leader, proposal, "decline", reason=WHY_NOT)["proposal"]["answer"] == WHY_NOT
    assert "试水市城市管理局已于" in post(city.other_leader, proposal, "take_up", 409, title="再查")["detail"]


def test_it_is_withdrawn(city: SimpleNamespace, proposal: Proposal) -> None:
    post(city.other_leader, proposal, "withdraw", 403)
    assert post(city.handler, proposal, "withdraw")["state"] == "withdrawn"
    assert "撤回" in post(city.other_leader, proposal, "decline", 409, reason=WHY_NOT)["detail"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("whose=waits", True), ("whose=mine", False), ("state=open", True), ("state=withdrawn", False),
        ("organ=department", False), ("overdue=true", False), ("category=010101", False), ("q=TQ2026", True),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(city: SimpleNamespace, proposal: Proposal, query: str, found: bool) -> None:
    query = query.replace("department", city.organ["department"].code)
    assert bool(get(city.other_leader, f"/proposals/?{query}")["results"]) is found


def test_whom_it_concerns_finds_the_kind(city: SimpleNamespace, proposal: Proposal) -> None:
    def kinds(user: Any) -> set[str]:
        return {kind["kind"] for kind in get(user, "/kinds/")["results"]}

    assert "proposal" in kinds(city.other_leader) and "proposal" in kinds(city.handler)
    assert "proposal" not in kinds(city.leader)


def test_nothing_more_than_on_the_page(city: SimpleNamespace, proposal: Proposal) -> None:
    """Every text of the answer stands on the page too."""
    said = get(city.other_leader, f"/proposals/{proposal.number}/")
    with at(LATER):
        shown = look(city.other_leader, page_of(proposal))
    for text in (said["title"], said["made_by"], said["organ_name"], *said["proposal"].values()):
        if isinstance(text, str) and not text.startswith("2026-"):
            assert text in shown, text
