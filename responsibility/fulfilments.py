"""By which record a period of a recurring duty was fulfilled. The app that keeps links registers how it is kept and
read: it lies above."""

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
        """Joins the period with the record whose act fulfilled it."""

    def of(self, period: DutyPeriod, user: User) -> list[Fulfilment]:
        """What fulfilled the period, as far as it exists for this person."""


_keeper: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Without one, a period keeps in the log alone by what it was fulfilled."""
    _keeper[:] = [keeper]


def keep(periods: Iterable[DutyPeriod], doing: Doing) -> None:
    """The act has fulfilled these periods."""
    for keeper in _keeper:
        for period in periods:
            keeper.keep(period, doing)


def of(period: DutyPeriod, user: User) -> list[Fulfilment]:
    """What fulfilled the period, as far as it exists for this person."""
    return [one for keeper in _keeper for one in keeper.of(period, user)]
