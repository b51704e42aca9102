"""Writes events to the log. An event comes first: the row images that follow in the transaction carry its id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from audit import context
from audit.context import Actor
from audit.events import EVENTS, Event, UnknownEventError
from audit.execute_wrapper import WriteOutsideTransactionError, remember_actor

__all__ = ["Actor", "Subject", "record", "record_refusal", "resume"]


@dataclass(frozen=True)
class Subject:
    """The record or thing that an event is about, by its public name: Subject("task", number)."""

    kind: str
    key: str


def record(
    event: Event,
    *,
    subject: Subject | None = None,
    actor: Actor | None = None,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
    using: str = "default",
) -> int:
    """Writes one event in the running transaction and returns its id.

    Facts are plain JSON without anything personal: organ names, dates as text, codes. Free text (a citizen's or an
    official's words) belongs in a record with a personal column, never here.
    """
    who = actor or context.actor()
    values = event_arguments(event, subject=subject, actor=who, facts=facts, reason=reason)
    connection = connections[using]
    if not connection.in_atomic_block:
        raise WriteOutsideTransactionError(f"event {event.name} outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", values)
        event_id = cursor.fetchone()[0]
    remember_actor(connection, who.id)
    return int(event_id)


def resume(event: int, using: str = "default") -> None:
    """Makes an earlier event of the transaction the one that explains its next changes."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('massline.event', %s, true)", [str(event)])


def event_arguments(
    event: Event,
    *,
    subject: Subject | None = None,
    actor: Actor | None = None,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
) -> tuple[Any, ...]:
    """Returns the arguments of audit_record(), in its order: for SQL functions that record many events in one
    statement."""
    if EVENTS.get(event.name) is not event:
        raise UnknownEventError(event.name)
    who, about = actor or context.actor(), subject or Subject("", "")
    return (
        event.name, event.public, about.kind, about.key,
        who.kind, who.key, who.label, who.acted_for,
        reason, json.dumps(facts or {}, ensure_ascii=False), context.request_id(),
    )  # fmt: skip


def record_refusal(
    event: Event,
    *,
    subject: Subject | None = None,
    actor: Actor | None = None,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
) -> int:
    """Writes an event that must stay whatever becomes of the request: a refusal, a failed sign-in.

    It commits in a transaction of its own, so call it after the act's transaction was rolled back, never inside it.
    """
    with transaction.atomic(durable=True):
        return record(event, subject=subject, actor=actor, facts=facts, reason=reason)
