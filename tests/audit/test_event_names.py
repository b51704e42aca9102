"""Names of events belong to their mechanism; outside each is said by its word, and rows of before are read for ever."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from audit import events
from audit.events import Event, event_of, public_name_of, register, register_former
from audit.models import AuditEvent
from petitions.events import CLOSED, FILED, UNMASKED
from petitions.models import State
from reports.export_kinds import ExportScope, export_kinds
from tests.api import Api
from tests.chain_lab import at
from tests.city import walk_to
from tests.reader import page, tracked, words

AS_NAMED_TODAY = """
SELECT audit_record(name, public, subject_kind, subject_key, actor_kind, actor_key, actor_label, acted_for, reason,
                    facts, request_id)
FROM audit_event WHERE subject_key = %s AND name LIKE 'petition.%%' ORDER BY id
"""
AS_NAMED_BEFORE = AS_NAMED_TODAY.replace("audit_record(name,", "audit_record(split_part(name, '.', 2),")
WORDS = ["filed", "registered", "accepted", "assigned", "answered", "closed"]


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No event is registered yet."""
    monkeypatch.setattr(events, "EVENTS", {})
    monkeypatch.setattr(events, "_FORMER", {})


def test_two_mechanisms_may_say_the_same_word(empty: None) -> None:
    register(Event("task.closed", "办结"), Event("visit.closed", "结束"))
    assert [public_name_of("task.closed"), public_name_of("visit.closed")] == ["closed", "closed"]


def test_a_word_that_was_said_once_is_said_for_ever(empty: None) -> None:
    (closed,) = register(Event("task.written_off", "办结", formerly=("task.closed", "task.done")))
    assert {event_of(name) for name in ("task.written_off", "task.closed", "task.done")} == {closed}
    assert {public_name_of(name) for name in closed.names} == {"closed"}
    assert public_name_of("visit.gone") == "visit.gone", "of an app that is not installed"


def test_a_mechanism_says_how_a_shared_event_was_called_while_it_was_its_own(empty: None) -> None:
    (closed, attached) = register(Event("task.closed", "办结"), Event("attached", "添加了文件"))
    register_former(attached, "task.attached")
    assert event_of("task.attached") is attached and attached.names == ("attached", "task.attached")
    assert {public_name_of(name) for name in attached.names} == {"attached"}
    with pytest.raises(ValueError):
        register_former(attached, "task.closed")
    assert closed.names == ("task.closed",)


@pytest.mark.parametrize(
    "second",
    [
        Event("task.closed", "又一个"),
        Event("closed", "又一个"),
        Event("visit.closed", "又一个", formerly=("closed",)),
        Event("visit.closed", "又一个", formerly=("task.closed",)),
        Event("visit.closed", "又一个", formerly=("Not A Name",)),
    ],
)
def test_a_name_of_today_or_of_then_stands_for_one_event(empty: None, second: Event) -> None:
    register(Event("task.closed", "办结", formerly=("closed",)))
    with pytest.raises(ValueError):
        register(second)
    assert list(events.EVENTS) == ["task.closed"]


@pytest.fixture
def story(city: SimpleNamespace) -> Any:
    """A closed petition, whose events stand in the log twice: as they are named today, and as before."""
    with at("2026-09-15 10:00"):
        filed = walk_to(State.CLOSED)
        with connection.cursor() as cursor:
            cursor.execute(AS_NAMED_BEFORE, [filed.number])
    names = set(AuditEvent.objects.filter(subject_key=filed.number).values_list("name", flat=True))
    assert {"closed", "petition.closed"} <= names
    return filed


@pytest.mark.django_db
def test_a_timeline_says_the_same_of_rows_of_before(city: SimpleNamespace, story: Any) -> None:
    with at("2026-09-15 11:00"):
        told = Api(city.clerk).get(f"/petitions/{story.number}/timeline/").json()["results"]
        desk, public = page(city.clerk, f"/desk/petitions/{story.number}/"), words(tracked(story))
    said = [(entry["event"], entry["sentence"]) for entry in told]
    half = len(said) // 2
    assert said[:half] == said[half:]
    assert [word for word, _ in said[:half] if word in WORDS] == WORDS
    assert desk.count("经核实办结，予以销号") == public.count("经核实办结，予以销号") == 2


@pytest.mark.django_db
@pytest.mark.parametrize("sheet", ["timelines", "events"])
def test_an_export_says_the_same_of_rows_of_before(city: SimpleNamespace, story: Any, sheet: str) -> None:
    with at("2026-09-15 11:00") as now:
        event, sentence = (c for c in export_kinds()[sheet].columns(now) if c.name in ("event", "sentence"))
        scope = ExportScope(city.auditor, {}, now)
        named = export_kinds()[sheet].selected(scope, [event, sentence]).filter(subject_key=story.number)
        found = [(event.shown(name), sentence.shown(json.dumps(facts))) for name, facts in named]
    said = [line for line in found if line[0] in ("filed", "closed")]
    assert said == [("filed", "收到信访事项（网上）"), ("closed", "经核实办结，予以销号")] * 2


@pytest.mark.django_db
def test_a_query_finds_an_event_by_every_name_that_it_had(city: SimpleNamespace, story: Any) -> None:
    about = AuditEvent.objects.filter(subject_key=story.number)
    assert about.of(CLOSED).count() == 2 and about.of(CLOSED, FILED).count() == 4
    assert UNMASKED.public_name == "petitioner_unmasked", "a word outside is not shortened with the name"
