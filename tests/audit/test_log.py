"""Events: who wrote what, in whose name, and that nothing happens without them."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from audit import context, log
from audit.context import Actor
from audit.events import ACT_REFUSED, EVENTS, READ, SIGNED_IN, Event, UnknownEventError, register
from audit.execute_wrapper import WriteOutsideTransactionError
from audit.log import Subject
from audit.middleware import AuditMiddleware
from audit.models import AuditEvent

pytest_plugins = ["tests.audit_lab"]

ZHANG = Actor("user", "zhang", "张敏")


def the_event(event_id):
    return AuditEvent.objects.get(pk=event_id)


def test_an_event_keeps_everything_that_was_said(lab):
    with context.acting(ZHANG.on_behalf_of("王局长"), request_id="r-1"), transaction.atomic():
        event = the_event(log.record(READ, subject=Subject("petition", "X1"), facts={"organ": "信访局"}, reason="督查"))
    assert (event.name, event.public) == ("read", False)
    assert (event.subject_kind, event.subject_key) == ("petition", "X1")
    assert (event.actor_kind, event.actor_key, event.actor_label) == ("user", "zhang", "张敏")
    assert event.acted_for == "王局长"
    assert (event.facts, event.reason, event.request_id) == ({"organ": "信访局"}, "督查", "r-1")
    assert event.session_user_name == connection.settings_dict["USER"]
    assert list(AuditEvent.objects.about(Subject("petition", "X1"))) == [event]


def test_rows_carry_the_event_and_the_actor(lab):
    with context.acting(ZHANG), transaction.atomic():
        event = log.record(READ)
        lab.app("INSERT INTO {t} (state) VALUES ('a'), ('b')")
    assert [(row["event_id"], row["actor"]) for row in lab.images()] == [(event, "zhang")] * 2


def test_an_event_ends_with_its_transaction(lab):
    with transaction.atomic():
        log.record(READ)
    lab.app("INSERT INTO {t} (state) VALUES ('a')")
    assert [row["event_id"] for row in lab.images()] == [None]


def test_an_old_event_cannot_be_claimed(lab):
    with transaction.atomic():
        old = log.record(READ)
    with transaction.atomic():
        lab.app("SELECT set_config('massline.event', %s, true)", [str(old)])
        lab.app("INSERT INTO {t} (state) VALUES ('a')")
    assert [row["event_id"] for row in lab.images()] == [None]


def test_an_event_needs_a_transaction(lab):
    with pytest.raises(WriteOutsideTransactionError):
        log.record(READ)


def test_an_event_that_nobody_registered_is_refused():
    with pytest.raises(UnknownEventError):
        log.record(Event("made_up", "x"))
    with pytest.raises(UnknownEventError):
        log.record(Event("read", "another sentence under a known name"))


def test_a_name_stands_for_one_event():
    with pytest.raises(ValueError):
        register(Event("read", "x"))
    with pytest.raises(ValueError):
        register(Event("Not A Name", "x"))


def test_a_sentence_survives_missing_facts():
    assert "申请" in ACT_REFUSED.say({"act": "申请"})
    assert ACT_REFUSED.say({})
    for event in EVENTS.values():
        assert event.say({}), event.name


def test_refusals_commit_on_their_own(lab):
    with pytest.raises(RuntimeError), transaction.atomic():
        log.record_refusal(ACT_REFUSED)  # inside a transaction it would be rolled back with it
    with context.acting(ZHANG):
        event = the_event(log.record_refusal(ACT_REFUSED, facts={"act": "accept"}, reason="403"))
    assert (event.name, event.actor_key, event.reason) == ("act_refused", "zhang", "403")


@pytest.mark.parametrize("broken", ["FUNCTION audit_record", "TABLE audit_event", "TABLE audit_row"])
def test_a_failing_log_makes_the_act_fail(lab, broken):
    """Whatever part of the log is broken, neither the row nor the event is written."""
    name = broken.split()[1]
    lab.owner(f"ALTER {broken} RENAME TO broken_log")
    try:
        with pytest.raises(DatabaseError), transaction.atomic():  # noqa: PT012
            log.record(READ)
            lab.app("INSERT INTO {t} (state) VALUES ('a')")
    finally:
        lab.owner(f"ALTER {broken.split()[0]} broken_log RENAME TO {name}")
    assert lab.owner("SELECT * FROM {t}") == []
    assert lab.images() == []


def test_a_hand_typed_change_fails_with_a_broken_log_too(lab):
    lab.owner("ALTER TABLE audit_row RENAME TO broken_log")
    try:
        with pytest.raises(DatabaseError):
            lab.owner("INSERT INTO {t} (state) VALUES ('a')")
    finally:
        lab.owner("ALTER TABLE broken_log RENAME TO audit_row")
    assert lab.owner("SELECT * FROM {t}") == []


class Visitor:
    is_authenticated = False


class Clerk:
    is_authenticated = True
    name = "张敏"

    def get_username(self):
        return "zhang"


def answering(view):
    request = RequestFactory().get("/")
    request.user = Visitor()
    AuditMiddleware(view)(request)


def test_a_request_acts_as_a_citizen_until_somebody_signs_in():
    seen = []

    def view(request):
        seen.append(context.actor())
        request.user = Clerk()
        seen.append(context.actor())
        seen.append(uuid.UUID(context.request_id()))
        return HttpResponse()

    answering(view)
    assert seen[:2] == [context.CITIZEN, ZHANG]
    assert context.actor() == context.SYSTEM
    assert context.request_id() == ""


def test_the_request_id_of_structured_logs_is_taken():
    import structlog

    with structlog.contextvars.bound_contextvars(request_id="from-the-proxy"):
        seen = []
        answering(lambda request: seen.append(context.request_id()) or HttpResponse())
        assert seen == ["from-the-proxy"]
        assert context.request_id() == "from-the-proxy"  # as in a task that the request woke


def test_a_person_acting_inside_a_request_keeps_the_request_id():
    with context.acting(ZHANG, request_id="r-1"), context.acting(context.SYSTEM):
        assert context.request_id() == "r-1"
        assert context.actor().id == "system"
    assert SIGNED_IN.public is False
