"""Knows the record that fulfilled a period of a recurring duty. The app with links, which lies above, registers how it
is stored and read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from accounts.models import User
from massline.acts import Doing
from responsibility.models import DutyPeriod


@dataclass(frozen=True)
class Fulfilment:
    """A record that fulfilled a period, as the page of the duty shows it."""

    kind_label: str
    number: str
    title: str
    url: str


class Keeper(Protocol):
    def keep(self, period: DutyPeriod, doing: Doing) -> None:
        """Links the period with the record whose act fulfilled it."""

    def of(self, period: DutyPeriod, user: User) -> list[Fulfilment]:
        """Returns what fulfilled the period, as far as it exists for this person."""


_keeper: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Registers the keeper; without one, only the log knows what fulfilled a period."""
    _keeper[:] = [keeper]


def keep(periods: Iterable[DutyPeriod], doing: Doing) -> None:
    """The act has fulfilled these periods."""
    for keeper in _keeper:
        for period in periods:
            keeper.keep(period, doing)


def of(period: DutyPeriod, user: User) -> list[Fulfilment]:
    """Returns what fulfilled the period, as far as it exists for this person."""
    return [one for keeper in _keeper for one in keeper.of(period, user)]
