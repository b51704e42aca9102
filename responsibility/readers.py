"""Walled records exist for their readers only: an allow-list of people, whatever posts and organs would say.

A kind whose records are walled registers how its readers follow from its texts, posts and organs (`register`), and its
`for_user` asks `may_read`. A reader first signs the commitment to secrecy (保密承诺); until then they see that a record
waits for them, and nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from audit import log
from audit.events import Event
from massline.acts import Doing, NotVisible
from massline.time import local_day, today
from responsibility import events, subjects
from responsibility.models import Appointment, Reader
from responsibility.models.readers import ReaderQuerySet
from responsibility.subjects import Matter


@dataclass(frozen=True)
class ReaderDays:
    """The days of a reader: from a day on and up to but without another; without days, always."""

    user: int
    since: date = date.min
    until: date | None = None


class WalledKind(Protocol):
    """What a kind of walled records registers."""

    def readers(self, matter: Matter) -> Iterable[ReaderDays]:
        """Returns the readers by the record's texts, posts and organs of now; never the person whom it is about."""

    def matters(self) -> Iterable[Matter]:
        """Returns the records whose readers still follow posts and organs."""


_walled: dict[str, WalledKind] = {}


def register(kind: str, walled: WalledKind) -> None:
    """Declares that the records of a kind are walled; before the kind itself, which is judged by it."""
    if kind in subjects.kinds():
        raise ValueError(f"register the readers of {kind} before the kind")
    _walled[kind] = walled


def is_walled(kind: str) -> bool:
    """Tells whether the records of this kind are walled."""
    return kind in _walled


def any_kind() -> bool:
    """Tells whether there are walled records in this installation."""
    return bool(_walled)


# --- Asking -------------------------------------------------------------------------------------------------------
def may_read(user: User, kind: str, record: str = "pk") -> Exists:
    """Builds the condition that this person reads a record of the kind today; `record` leads from the row to its id.

    For `for_user`: one EXISTS, whatever the number of readers.
    """
    allowed = Reader.objects.of(user).on(today()).filter(declared_at__isnull=False)
    return Exists(allowed.filter(kind=kind, record=OuterRef(record)))


def reads(user: User, matter: Matter) -> bool:
    """Tells whether this person reads this one record today."""
    allowed = Reader.objects.of(user).on(today()).filter(declared_at__isnull=False)
    return allowed.about(matter.kind, matter.pk).exists()


def undeclared(user: User) -> ReaderQuerySet:
    """Returns what waits for this person's commitment to secrecy; the oldest first."""
    return Reader.objects.of(user).on(today()).filter(declared_at=None).order_by("since", "pk")


def days_of_holders(posts: Iterable[int | None], day: date) -> Iterator[ReaderDays]:
    """Who holds these posts on a day or from a later one, with the days: what `Walled.readers` mostly gives."""
    held = Appointment.objects.filter(Q(until=None) | Q(until__gt=day), post__in=[p for p in posts if p is not None])
    return (ReaderDays(*row) for row in held.values_list("user", "since", "until"))


# --- Changing -----------------------------------------------------------------------------------------------------
LOCK_READERS = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def _lock_readers(matter: Matter) -> None:
    """Locks this record's readers against other changes. What is read later is as those left it: access that has
    just ended is not given again by a job that knew it before."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_READERS, [f"readers {matter.kind} {matter.pk}"])


@transaction.atomic(savepoint=False)
def allow(matter: Matter, users: Iterable[int], at: datetime) -> None:
    """Lets these people read the record from now on; those who may already are not changed."""
    _lock_readers(matter)
    day = local_day(at)
    already = set(Reader.objects.about(matter.kind, matter.pk).on(day).values_list("user", flat=True))
    fresh = [user for user in dict.fromkeys(users) if user not in already]
    _add(matter, [ReaderDays(user, day) for user in fresh])


@transaction.atomic(savepoint=False)
def end(matter: Matter, at: datetime, users: Iterable[int] | None = None) -> None:
    """Ends the access of these people, or of all: from this moment on, and not from tomorrow."""
    _lock_readers(matter)
    rows = Reader.objects.about(matter.kind, matter.pk).not_over(local_day(at))
    _end(matter, rows if users is None else rows.filter(user__in=users), local_day(at))


@transaction.atomic(savepoint=False)
def recompute(matter: Matter, at: datetime) -> None:
    """Makes the readers from now on those whom the kind names; the days before stay as they were."""
    _lock_readers(matter)
    day = local_day(at)
    rows = Reader.objects.about(matter.kind, matter.pk).not_over(day)
    known = {(row.user_id, max(row.since, day)): row for row in rows}
    wanted = {(one.user, one.since): one for one in _merged(_walled[matter.kind].readers(matter), day)}
    _end(matter, [row for key, row in known.items() if key not in wanted], day)
    moved = [row for key, row in known.items() if key in wanted and row.until != wanted[key].until]
    for row in moved:
        row.until = wanted[row.user_id, max(row.since, day)].until
    _record_event(events.READERS_MOVED, matter, [row.user_id for row in moved])
    Reader.objects.bulk_update(moved, ["until"])
    _add(matter, [one for key, one in wanted.items() if key not in known])


def recompute_all(at: datetime) -> None:
    """Recomputes the readers of every walled record, after posts or organs have changed."""
    for walled in _walled.values():
        for matter in walled.matters():
            recompute(matter, at)


class RecomputesReaders:
    """Recomputes the record's readers after the act's change."""

    def apply(self, doing: Doing) -> None:
        recompute(doing.record.matter, doing.at)
        if doing.event is not None:
            log.resume(doing.event)


@transaction.atomic
def declare(user: User, pk: int, at: datetime | None = None) -> Reader:
    """Signs the commitment to secrecy of this person for what waits for them; a second time changes nothing."""
    mine = Reader.objects.of(user).on(today()).select_for_update(of=("self",)).filter(pk=pk).first()
    if mine is None:
        raise NotVisible
    if mine.declared_at is None:
        log.record(events.SECRECY_DECLARED, subject=log.Subject("user", user.username))
        mine.declared_at = at or timezone.now()
        mine.save(update_fields=["declared_at"])
    return mine


def _merged(readers: Iterable[ReaderDays], day: date) -> Iterator[ReaderDays]:
    """Merges the days of each person from `day` on that overlap or touch: the holder of two posts reads once."""
    by_user: dict[int, list[ReaderDays]] = defaultdict(list)
    for one in readers:
        if one.until is None or one.until > max(one.since, day):
            by_user[one.user].append(ReaderDays(one.user, max(one.since, day), one.until))
    for user, days in by_user.items():
        days.sort(key=lambda one: one.since)
        now = days[0]
        for later in days[1:]:
            if now.until is not None and later.since > now.until:
                yield now
                now = later
            else:
                ends = None if now.until is None or later.until is None else max(now.until, later.until)
                now = ReaderDays(user, now.since, ends)
        yield now


def _add(matter: Matter, readers: Iterable[ReaderDays]) -> None:
    rows = [Reader(kind=matter.kind, record=matter.pk, user_id=r.user, since=r.since, until=r.until) for r in readers]
    _record_event(events.READERS_ADDED, matter, [row.user_id for row in rows])
    Reader.objects.bulk_create(rows)


def _end(matter: Matter, rows: Iterable[Reader], day: date) -> None:
    """Ends these rows; one that has not begun never does."""
    ended = list(rows)
    for row in ended:
        row.until = max(row.since, day)
    _record_event(events.READERS_ENDED, matter, [row.user_id for row in ended])
    Reader.objects.bulk_update(ended, ["until"])


def _record_event(event: Event, matter: Matter, users: Collection[int]) -> None:
    """Records the event with the names of these people, where there are any."""
    if users:
        names = User.objects.filter(pk__in=users).order_by("pk").values_list("name", flat=True)
        log.record(event, subject=log.Subject(matter.kind, matter.key), facts={"readers": "、".join(names)})
