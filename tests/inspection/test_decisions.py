"""A decision goes through its steps, is reviewed by other hands, and keeps every dissent."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.decisions.forms import DecideForm
from inspection.decisions.models import Decision
from massline.acts import Invalid, Refused, WrongState
from records.creating import create
from responsibility.models import Obligation
from tests.decision_lab import ENTRY, INPUT, STEP, VOTES, decision_in, does
from tests.inspection_lab import add_office, entry
from tests.reader import page

pytestmark = pytest.mark.django_db


def address(decision: Decision) -> str:
    return f"/desk/decisions/{decision.number}/"


def owed(decision: Decision) -> list[str]:
    found = Obligation.objects.filter(subject_kind="decision", subject_id=decision.pk, closed_at=None)
    return sorted(found.values_list("rule", flat=True))


def test_no_step_is_left_out(city: SimpleNamespace) -> None:
    made = create("decision", ENTRY, city.receiver)
    does(city, made, "receiver", "record_step")
    with pytest.raises(WrongState, match="专家论证、风险评估"):
        does(city, made, "receiver", "submit")


@pytest.mark.parametrize(
    ("given_", "fault"),
    [
        ({"until": "2020-01-20"}, "until"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2999-01-01"}, "until"),
        ({"since": ""}, "since"),
        ({"text": ""}, "text"),
        ({"step": "collective"}, "step"),
    ],
)
def test_a_step_says_when_and_what_came_of_it(city: SimpleNamespace, given_: dict[str, Any], fault: str) -> None:
    made = create("decision", ENTRY, city.receiver)
    with pytest.raises(Invalid) as caught:
        does(city, made, "receiver", "record_step", **{**STEP, **given_})
    assert set(caught.value.errors) == {fault}


def test_a_short_consultation_is_said_to_be_one(city: SimpleNamespace) -> None:
    made = create("decision", ENTRY, city.receiver)
    does(city, made, "receiver", "record_step", until="2020-01-20", shortened=True, text="汛期将至，征求意见十四日")
    assert "缩短了期限" in page(city.colleague, address(made))


def test_who_drafted_it_does_not_review_it(city: SimpleNamespace) -> None:
    own = decision_in(city, "checking", office="department")
    with pytest.raises(Refused):
        does(city, own, "leader", "check")
    assert does(city, own, "deputy", "check").state == "ready"


def test_the_review_is_owed_by_another_post_than_the_drafters(city: SimpleNamespace) -> None:
    own = decision_in(city, "checking", office="department")
    (review,) = Obligation.objects.filter(subject_kind="decision", subject_id=own.pk, rule="DD20")
    assert review.organ == city.organ["department"] and review.post != own.handler


@pytest.mark.parametrize("state", ["preparing", "checking", "ready"])
def test_an_open_decision_is_owed_by_one(city: SimpleNamespace, state: str) -> None:
    rules = {"preparing": ["DD15"], "checking": ["DD20"], "ready": ["DD21"]}
    assert owed(decision_in(city, state)) == rules[state]


def test_what_is_deferred_or_sent_back_is_owed_anew(city: SimpleNamespace) -> None:
    made = decision_in(city, "checking")
    assert owed(does(city, made, "mayor", "check", holds="no")) == ["DD15"]
    does(city, made, "leader", "submit")
    does(city, made, "mayor", "check")
    assert owed(does(city, made, "mayor", "decide", result="deferred")) == ["DD15"]
    for who, act in (("leader", "submit"), ("mayor", "check"), ("mayor", "decide")):
        made = does(city, made, who, act)
    assert made.state == "adopted" and owed(made) == []
    assert {vote.meeting for vote in made.votes.all()} == {1, 2}


@pytest.mark.parametrize(
    ("given_", "fault", "said"),
    [
        ({"votes": "甄书成 同意\n金市安 不同意\n李副市 同意"}, "votes", "第 2 行：请写上金市安的意见"),
        ({"votes": "甄书成 同意\n金市安\n李副市 同意"}, "votes", "第 2 行"),
        ({"votes": "甄书成 同意\n甄书成 同意\n李副市 同意"}, "votes", "甄书成写了两次"),
        ({"votes": "甄书成 同意\n金市安 同意"}, "votes", "不足半数"),
        ({"members": 3}, "members", "比应到的多"),
        ({"against_most": ""}, "against_most", "与多数人意见不一致"),
        ({"met_on": "2999-01-01"}, "met_on", "还没有开"),
    ],
)
def test_a_meeting_is_written_down_as_it_was(
    city: SimpleNamespace, given_: dict[str, Any], fault: str, said: str
) -> None:
    made = decision_in(city, "ready")
    with pytest.raises(Invalid) as caught:
        does(city, made, "mayor", "decide", **given_)
    assert said in str(caught.value.errors[fault])


def test_names_and_dissent_are_for_few_and_the_count_for_all(city: SimpleNamespace) -> None:
    made = decision_in(city, "adopted")
    for who in ("mayor", "leader", "auditor"):
        shown = page(getattr(city, who), address(made))
        assert "李副市" in shown and "资金没有着落" in shown, who
    for who in ("handler", "deputy", "colleague", "inspector"):
        shown = page(getattr(city, who), address(made))
        assert "同意 2，不同意 1，保留意见 1" in shown and "李副市" not in shown and "资金没有着落" not in shown, who


NAMES = st.lists(st.text("甄金李王赵钱孙周吴郑", min_size=2, max_size=4), min_size=3, max_size=20, unique=True)
SAYS = st.sampled_from(["同意", "不同意：没有钱", "反对，没有钱", "保留：先试", "保留意见: 先试"])


@given(names=NAMES, data=st.data())
def test_every_vote_that_is_typed_is_read_and_none_is_made_up(names: list[str], data: st.DataObject) -> None:
    said = [data.draw(SAYS) for _name in names]
    lines = "\r\n".join(f" {name}　{says} " for name, says in zip(names, said, strict=True))
    form = DecideForm({**INPUT["decide"], "members": len(names), "votes": lines})
    assert form.is_valid(), form.errors
    read = form.cleaned_data["votes"]
    assert [one.name for one in read] == names
    assert [one.choice == "for" for one in read] == [says == "同意" for says in said]
    assert all(bool(one.opinion) == (one.choice != "for") for one in read)


def test_the_example_of_the_hint_is_read(city: SimpleNamespace) -> None:
    made = decision_in(city, "ready")
    done = does(city, made, "mayor", "decide", votes=f"{VOTES}\n李明 不同意：资金没有着落")
    assert done.votes.count() == 5


def test_a_task_is_opened_because_of_a_decision_and_both_say_so(city: SimpleNamespace) -> None:
    add_office(city)
    made = decision_in(city, "adopted")
    given_ = {name: value for name, value in entry().items() if name != "ordered_by"}
    task = create("task", given_, city.mayor, made)
    assert task.number in page(city.leader, address(made))
    assert made.number in page(city.mayor, f"/desk/tasks/{task.number}/")
