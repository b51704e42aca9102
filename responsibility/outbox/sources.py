"""Registers sources of messages: each mechanism's messages to people who have no account.

A message keeps the name of its source, so that several have their own records in one outbox.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from responsibility.models import Message
from responsibility.outbox.channels import Outgoing


class Source(Protocol):
    label: Any
    """What its messages are for, and `people` whom they are for: in the list of those that did not arrive."""
    people: Any

    def ready(self, open_channels: frozenset[str], now: datetime) -> list[tuple[int, str]]:
        """Returns what is to be sent and has no message yet: the record, and its channel."""

    def compose(self, message: Message) -> Outgoing | None:
        """Composes the message; None when it is not to be sent any more."""

    def sent(self, message: Message, at: datetime) -> None:
        """Runs in the transaction that marks it as sent."""

    def answers_for(self, message: Message) -> list[tuple[int, int | None]]:
        """Returns the level above the official who owed the message, as (user, post)."""


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Adds a source under the name that its messages keep; refuses a name that another one has."""
    if _sources.setdefault(name, source) is not source:
        raise ValueError(f"source registered twice: {name}")


def sources() -> Iterable[tuple[str, Source]]:
    """Returns every source with its name, in the order of registration."""
    return _sources.items()


def source_of(message: Message) -> Source | None:
    """Returns the source of a message; None for what the outbox itself sends, and for an unknown one."""
    return _sources.get(message.source)
