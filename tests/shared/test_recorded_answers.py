"""What REST has once said it says still: recorded answers are asked for again, and additions are welcome."""

import os
from typing import Any

import pytest

from tests.recorded_answers import ASKS, FOLDER, ask_all, changes, read, write


@pytest.mark.django_db
def test_whatever_was_answered_is_answered_still() -> None:
    answers = ask_all()
    if os.environ.get("MASSLINE_RECORD"):
        write(answers)
    assert {path.stem for path in FOLDER.glob("*.json")} == set(answers)
    faults = [f"{name}: {fault}" for name, answer in answers.items() for fault in changes(read(name), answer)]
    assert not faults, f"{len(faults)} recorded answers' parts are gone or changed:\n" + "\n".join(faults)


def test_each_answer_has_a_name_of_its_own() -> None:
    names = [ask.name for ask in ASKS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        ({"a": 1, "b": [{"c": "x"}], "more": None}, None),
        ({"a": 1, "b": [{"c": "x", "more": 1}]}, None),
        ({"b": [{"c": "x"}]}, "a is gone; it was 1"),
        ({"a": "1", "b": [{"c": "x"}]}, 'a was 1 and is "1"'),
        ({"a": True, "b": [{"c": "x"}]}, "a was 1 and is true"),
        ({"a": None, "b": [{"c": "x"}]}, "a was 1 and is null"),
        ({"a": 1, "b": [{"c": "y"}]}, 'b[0].c was "x" and is "y"'),
        ({"a": 1, "b": [{}]}, 'b[0].c is gone; it was "x"'),
        ({"a": 1, "b": [{"c": "x"}, {"c": "x"}]}, "b has 2 entries instead of 1"),
        ({"a": 1, "b": {"c": "x"}}, 'b was [{"c": "x"}] and is {"c": "x"}'),
    ],
)
def test_what_counts_as_a_change(now: Any, fault: str | None) -> None:
    assert changes({"a": 1, "b": [{"c": "x"}]}, now) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("where", "now", "fault"),
    [
        ("GET.responses.200.required", ["a", "b", "c"], None),
        ("GET.responses.200.required", ["a", "c"], "GET.responses.200.required has no b any more"),
        ("POST.request.required", ["a", "b", "c"], "POST.request.required has 3 entries instead of 2"),
    ],
)
def test_an_answer_may_promise_more_and_a_question_may_not_ask_more(where: str, now: Any, fault: str | None) -> None:
    assert changes(["a", "b"], now, where) == ([fault] if fault else [])
