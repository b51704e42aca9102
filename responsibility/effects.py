"""What an act does to what is owed. The record acted upon says what it is (`matter`) and whose work it is (`work`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from massline.acts import Doing
from responsibility import obligations
from responsibility.models import Notice, NoticeKind


@dataclass(frozen=True)
class Opens:
    """Somebody owes something from now on, under this rule."""

    rule: str
    whose: str = "work"
    """Which work of the record it belongs to: the organ's (`work`) or the petition department's (`office_work`)."""

    def apply(self, doing: Doing) -> None:
        work = getattr(doing.record, self.whose)()
        obligations.open_(doing.record.matter, self.rule, work, doing.at)


class Closes:
    """These obligations are done; without rules, all of them but those whose rule says what alone ends them."""

    released = False

    def __init__(self, *rules: str) -> None:
        self.rules = rules

    def apply(self, doing: Doing) -> None:
        obligations.close_all(doing.record.matter, doing.at, self.rules or None, released=self.released)


class Releases(Closes):
    """These obligations need not be done any more; without rules, all of them."""

    released = True


@dataclass(frozen=True)
class Reopens:
    """What was thought done is not: the same obligation, with the same dates."""

    rule: str

    def apply(self, doing: Doing) -> None:
        obligations.reopen(doing.record.matter, self.rule, doing.record.work(), doing.at)


@dataclass(frozen=True)
class Extends:
    """What is owed under this rule is due so many `days` of the form later (延期)."""

    rule: str

    def apply(self, doing: Doing) -> None:
        matter = doing.record.matter
        obligations.extend(obligations.running(matter, self.rule), doing.data["days"], doing.at)


class HandsOver:
    """Whoever has the work now owes what is open about it."""

    def apply(self, doing: Doing) -> None:
        obligations.hand_over(doing.record.matter, doing.record.work())


@dataclass(frozen=True)
class When:
    """An effect only for some outcomes of an act."""

    condition: Callable[[Doing], bool]
    effect: Any

    def apply(self, doing: Doing) -> None:
        if self.condition(doing):
            self.effect.apply(doing)


REPEATED = (NoticeKind.URGED, NoticeKind.SUPPLEMENTED, NoticeKind.DISSATISFIED)
"""A petitioner may press as often as they like: one unread notice of it buries nothing else in the inbox."""


@dataclass(frozen=True)
class Notifies:
    """Puts a notice in the inbox of some people, never of the accused: the number, nothing about the petitioner."""

    kind: NoticeKind
    to: Callable[[Any], Iterable[tuple[int, int | None]]]
    """From the record to (user, post) pairs."""

    def apply(self, doing: Doing) -> None:
        matter, work = doing.record.matter, doing.record.work()
        told = Notice.objects.filter(kind=self.kind, subject_kind=matter.kind, subject_key=matter.key, read_at=None)
        waiting = set(told.values_list("recipient", "post")) if self.kind in REPEATED else ()
        Notice.objects.bulk_create(
            Notice(
                recipient_id=user,
                post_id=post,
                kind=self.kind,
                subject_kind=matter.kind,
                subject_key=matter.key,
                told_at=doing.at,
            )
            for user, post in self.to(doing.record)
            if work.may_know(user) and (user, post) not in waiting
        )
