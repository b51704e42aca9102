"""Effects of acts on obligations and notices. The record says what it is (`matter`) and whose work
(`chain_subject()`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from massline.acts import Doing
from massline.time import local_day
from responsibility import obligations
from responsibility.models import Notice
from responsibility.notices import NoticeKind

Item = Callable[[Doing], int]
"""Returns the item of a record that an act is about."""


def _only_one(doing: Doing) -> int:
    return 0


@dataclass(frozen=True)
class Order:
    """One item that a person ordered (四定), and its last day. Goal and requirement stay on the record as personal
    columns, from where its kind reads them (`Adapter.ordered`)."""

    last_day: date
    item: int = 0


@dataclass(frozen=True)
class Opens:
    """Opens an obligation under this rule."""

    rule: str
    whose: str = "chain_subject"
    """The method of the record that returns the work whose obligation it is: the organ's, or that of another office."""
    ordered: Callable[[Doing], Iterable[Order]] | None = None
    """Returns what the record or the form orders, where the rule leaves it to a person."""

    def apply(self, doing: Doing) -> None:
        matter, work = doing.record.matter, getattr(doing.record, self.whose)()
        if self.ordered is None:
            obligations.open_(matter, self.rule, work, doing.at)
            return
        for order in self.ordered(doing):
            days = (order.last_day - local_day(doing.at)).days
            obligations.open_(matter, self.rule, work, doing.at, days=days, item=order.item)


class Closes:
    """Closes obligations under these rules as done; without rules, all of them but those whose rule says what alone
    ends them. With an `item`, that one alone."""

    released = False

    def __init__(self, *rules: str, item: Item | None = None) -> None:
        self.rules, self.item = rules, item

    def apply(self, doing: Doing) -> None:
        item = self.item(doing) if self.item else None
        obligations.close_all(doing.record.matter, doing.at, self.rules or None, item=item, released=self.released)


class Releases(Closes):
    """Closes obligations under these rules that need not be done any more; without rules, all of them."""

    released = True


@dataclass(frozen=True)
class Reopens:
    """Opens a closed obligation again, with the same dates: what was thought done is not."""

    rule: str
    item: Item = _only_one

    def apply(self, doing: Doing) -> None:
        obligations.reopen(
            doing.record.matter, self.rule, doing.record.chain_subject(), doing.at, item=self.item(doing)
        )


@dataclass(frozen=True)
class Extends:
    """Extends the obligation under this rule by the `days` of the form (延期)."""

    rule: str
    item: Item = _only_one

    def apply(self, doing: Doing) -> None:
        owed = obligations.find_open(doing.record.matter, self.rule, item=self.item(doing))
        obligations.extend(owed, doing.data["days"], doing.at)


class HandsOver:
    """Hands open obligations, under these rules or all, to the post that has the work; with an `item`, that one
    alone."""

    def __init__(self, *rules: str, item: Item | None = None) -> None:
        self.rules, self.item = rules, item

    def apply(self, doing: Doing) -> None:
        item = self.item(doing) if self.item else None
        obligations.hand_over(doing.record.matter, doing.record.chain_subject(), self.rules or None, item=item)


@dataclass(frozen=True)
class OnlyIf:
    """Applies an effect only if a condition holds."""

    condition: Callable[[Doing], bool]
    effect: Any

    def apply(self, doing: Doing) -> None:
        if self.condition(doing):
            self.effect.apply(doing)


@dataclass(frozen=True)
class Notifies:
    """Puts a notice in the inbox of some people, never of the accused: it says the number, nothing about the
    citizen."""

    kind: NoticeKind
    to: Callable[[Any], Iterable[tuple[int, int | None]]]
    """Returns the people to notify for a record, as (user, post) pairs."""

    def apply(self, doing: Doing) -> None:
        matter, work = doing.record.matter, doing.record.chain_subject()
        told = Notice.objects.filter(
            kind=self.kind.name, subject_kind=matter.kind, subject_key=matter.key, read_at=None
        )
        waiting = set(told.values_list("recipient", "post")) if self.kind.once_unread else ()
        Notice.objects.bulk_create(
            Notice.build(self.kind, user, matter, doing.at, post)
            for user, post in self.to(doing.record)
            if work.may_know(user) and (user, post) not in waiting
        )
