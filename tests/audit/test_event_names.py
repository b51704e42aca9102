"""Names of events belong to their mechanism; outside, each is said by its word."""

import pytest

from audit import events
from audit.events import Event, event_of, public_name_of, register


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No event is registered yet."""
    monkeypatch.setattr(events, "EVENTS", {})


def test_two_mechanisms_may_say_the_same_word(empty: None) -> None:
    register(Event("task.closed", "办结"), Event("visit.closed", "结束"))
    assert [public_name_of("task.closed"), public_name_of("visit.closed")] == ["closed", "closed"]
    assert event_of("visit.gone") is None and public_name_of("visit.gone") == "visit.gone", (
        "of an app that is not installed"
    )


@pytest.mark.parametrize("second", [Event("task.closed", "又一个"), Event("Not A Name", "又一个"), Event("task.", "x")])
def test_a_name_stands_for_one_event(empty: None, second: Event) -> None:
    register(Event("task.closed", "办结"))
    with pytest.raises(ValueError):
        register(second)
    assert list(events.EVENTS) == ["task.closed"]
