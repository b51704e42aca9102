"""Who else has something to send. A mechanism registers here what it tells people who have no account."""

from datetime import datetime
from typing import Protocol

from responsibility.models import Message
from responsibility.outbox.channels import Outgoing


class Source(Protocol):
    def ready(self, open_channels: frozenset[str], now: datetime) -> list[tuple[int, str]]:
        """What is to be sent and has no message yet: the record, and by which channel."""

    def compose(self, message: Message) -> Outgoing | None:
        """As it leaves; None when it is no longer to be sent."""

    def sent(self, message: Message, at: datetime) -> None:
        """Runs in the transaction that marks it as sent."""

    def answers_for(self, message: Message) -> list[tuple[int, int | None]]:
        """(user, post) of the level above whoever had to tell."""


_tellings: list[Source] = []


def register_tellings(source: Source) -> None:
    _tellings[:] = [source]


def tellings() -> Source | None:
    return _tellings[0] if _tellings else None
