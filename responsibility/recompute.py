"""Recomputes the dates of obligations after an arrangement of holidays (节假日安排) was loaded.

The work is found by a query: obligations that were last compared with an earlier version of the calendar. So it may be
killed, run twice or side by side; and what another process opened under the old version meanwhile is found, too.

An arrangement moves open dates and never a breach. What was overdue when it was loaded stays so, and nothing becomes
overdue by a date that was over before the arrangement was known: such a date stays as it was promised
(docs/decisions/2026-11-29-recomputation.md).
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, Q, Value, When
from django.utils import timezone

from audit import log
from audit.events import Event
from massline.time import end_of_day, instant
from responsibility import deadlines, events, ladder, obligations, record_dates
from responsibility.calendar import Calendar, at_version, calendar, first_difference, forget
from responsibility.deadlines import Due
from responsibility.escalation import timeline_subject
from responsibility.models import Arrangement, EscalationState, Obligation, ObligationQuerySet
from responsibility.subjects import adapter

logger = logging.getLogger(__name__)

BATCH = 200


class Change(StrEnum):
    """What another version of the calendar does to an obligation."""

    MOVED = "moved"
    SETTLED = "settled"
    """The date stays, and is no longer provisional (暂定)."""
    BREACHED = "breached"
    """It is overdue already, and stays so."""
    PAST = "past"
    """By the new date it would have been overdue before the arrangement was known: it keeps the old one."""


@dataclass(frozen=True)
class Difference:
    """The change of one obligation, and the dates that it would have."""

    change: Change
    obligation: Obligation
    due: Due


@dataclass
class RecomputeReport:
    """Counts what one run changed, checked and could not recompute."""

    counts: Counter[Change] = field(default_factory=Counter)
    checked: int = 0
    """Obligations that keep their dates, as a user sees them."""
    failed: dict[int, str] = field(default_factory=dict)
    """The numbers of records by the id of the obligation that failed. It keeps its dates, and the next run tries
    again."""


def difference(o: Obligation, known: Calendar, at: datetime) -> Difference | None:
    """Returns how an open obligation changes under these arrangements; None when no user would notice."""
    due, before = obligations.computed_due(o, known), obligations.computed_due(o, at_version(o.calendar_checked))
    if (due.strict_at, due.due_at) == (before.strict_at, before.due_at):
        return Difference(Change.SETTLED, o, due) if o.provisional and not due.provisional else None
    if o.breached_at is not None or o.is_overdue(at):
        return Difference(Change.BREACHED, o, due)
    if due.due_at is not None and due.due_at <= at:
        return Difference(Change.PAST, o, due)
    return Difference(Change.MOVED, o, due)


def differences(known: Calendar, at: datetime) -> Iterator[Difference]:
    """Yields what these arrangements would do to every open obligation, oldest first; changes nothing."""
    last = 0
    while rows := list(Obligation.objects.open().filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from filter(None, (difference(o, known, at) for o in rows if _is_affected(o, known)))
        last = rows[-1].pk


def recompute(at: datetime | None = None, batch: int = BATCH) -> RecomputeReport:
    """Compares every open obligation with the calendar in force, and sets the dates that it has there."""
    forget()
    report, at, known = RecomputeReport(), at or timezone.now(), calendar()
    years = "、".join(map(str, Arrangement.objects.filter(version=known.version).values_list("year", flat=True)))
    while outdated := list(_outdated(known).exclude(pk__in=report.failed).values_list("pk", flat=True)[:batch]):
        try:
            _write(outdated, known, at, years, report)
        except Exception:  # one of them is poison: each by itself
            logger.warning("a batch could not be recomputed together", exc_info=True)
            for pk in outdated:
                _write_or_report(pk, known, at, years, report)
    return report


def _outdated(known: Calendar) -> ObligationQuerySet:
    return Obligation.objects.computed_before(known.version).order_by("calendar_checked", "pk")


def _write(pks: Iterable[int], known: Calendar, at: datetime, years: str, report: RecomputeReport) -> None:
    with transaction.atomic():
        batch = _Batch(pks, known, at, years)
        batch.write()
    report.counts += batch.counts
    report.checked += batch.checked


def _write_or_report(pk: int, known: Calendar, at: datetime, years: str, report: RecomputeReport) -> None:
    try:
        _write([pk], known, at, years, report)
    except Exception:
        logger.exception("obligation %s could not be recomputed", pk)
        report.failed[pk] = Obligation.objects.values_list("subject_key", flat=True).get(pk=pk)


def _is_affected(o: Obligation, known: Calendar) -> bool:
    """Tells whether a day on which the calendars differ may lie before its date, its next step or the day counted
    from."""
    first = first_difference(at_version(o.calendar_checked), known)
    moments = [moment for moment in (o.due_at, o.next_at) if moment is not None]
    return (
        o.provisional
        or obligations.rule_of(o).before
        or (first is not None and any(moment > instant(first) for moment in moments))
    )


class _Batch:
    """Some obligations in one transaction: their records are locked first, as every act does."""

    def __init__(self, pks: Iterable[int], known: Calendar, at: datetime, years: str) -> None:
        self.known, self.at, self.years = known, at, years
        self.counts: Counter[Change] = Counter()
        self.checked = 0
        found = _outdated(known).filter(pk__in=pks)
        records = {(o.subject_kind, o.subject_id) for o in found if o.escalation_id is None and self._is_open(o)}
        for kind, pk in sorted(records):
            adapter(kind).lock(pk)
        locked = found.select_for_update(of=("self",)).select_related("escalation__obligation")
        self.rows = list(locked.prefetch_related("escalations"))

    def _is_open(self, o: Obligation) -> bool:
        return o.closed_at is None and _is_affected(o, self.known)

    def write(self) -> None:
        if not self.rows:
            return  # another process took them
        affected = [o for o in self.rows if self._is_open(o)]
        checked = [o for o in self.rows if not self._is_open(o)]
        planned: list[Obligation] = []
        with record_dates.follow_once():
            for o in affected:
                found = difference(o, self.known, self.at)
                if found is None:
                    checked.append(o)
                    planned += [o] if self._reschedule(o) else []
                else:
                    self._change(o, found)
                    self.counts[found.change] += 1
        self._mark_checked(checked, planned)
        self.checked = len(checked)

    def _change(self, o: Obligation, found: Difference) -> None:
        facts = obligations.event_facts(o) | {
            "year": self.years,
            "version": self.known.version,
            "was": str(o.due_legal),
            "was_strict": str(o.due_strict),
            "due": str(found.due.due_legal),
            "due_strict": str(found.due.due_strict),
            "at": self.at.isoformat(),
        }
        log.record(_event(found), subject=timeline_subject(o), facts=facts)
        if found.change in (Change.MOVED, Change.SETTLED):
            obligations.set_dates(o, found.due)
        else:
            o.provisional, o.calendar_checked = False, self.known.version
        self._reschedule(o)
        o.save(update_fields=[*obligations.DATES, "next_step", "next_at"])
        record_dates.obligation_changed(o)

    def _reschedule(self, o: Obligation) -> bool:
        """Sets the next step by the days that are known now. A warning that the new date has passed over is given at
        once, and what an instruction lets rest goes on resting. True when its moment has changed."""
        if o.next_at is None:
            return False  # the last step was taken
        step, moment = o.next_step, o.next_at
        checked, o.calendar_checked = o.calendar_checked, self.known.version
        obligations.schedule(o, self.at)
        o.calendar_checked = checked
        if step in ladder.WARNINGS and o.next_step != step:
            passed_over = dict(
                zip(ladder.WARNINGS, deadlines.warning_moments(obligations.computed_due(o)), strict=True)
            )[step]
            if passed_over is not None and passed_over <= self.at:
                o.next_step, o.next_at = step, passed_over
        for e in o.escalations.all():
            rests = e.state == EscalationState.INSTRUCTED and o.next_step == obligations.step_above(e.step)
            if rests and e.instructed_at and o.next_at:
                o.next_at = max(o.next_at, ladder.moment_after(e.instructed_at, ladder.ladder().instruction))
        return (step, moment) != (o.next_step, o.next_at)

    def _mark_checked(self, checked: list[Obligation], planned: list[Obligation]) -> None:
        """Marks as checked what keeps its dates, in one statement; what was computed under older arrangements stays
        so."""
        if not checked:
            return
        log.record(events.DUE_CHECKED, facts={"n": len(checked), "year": self.years, "version": self.known.version})
        version = Value(self.known.version, PositiveIntegerField())
        over = Q(provisional=True, closed_at__isnull=False, due_at__lte=end_of_day(self.known.last_loaded))
        Obligation.objects.filter(pk__in=[o.pk for o in checked]).update(
            calendar=Case(When(closed_at=None, calendar=F("calendar_checked"), then=version), default=F("calendar")),
            provisional=Case(When(over, then=False), default=F("provisional")),
            calendar_checked=version,
        )
        for o in planned:
            o.save(update_fields=["next_step", "next_at"])


def _event(found: Difference) -> Event:
    """Returns the event of a change: one that citizens read where a statute promises the date, not for a house rule."""
    inner = not found.due.rule.public
    return {
        Change.MOVED: events.INNER_DUE_MOVED if inner else events.DUE_MOVED,
        Change.SETTLED: events.INNER_DUE_SETTLED if inner else events.DUE_SETTLED,
        Change.BREACHED: events.BREACH_KEPT,
        Change.PAST: events.DUE_KEPT,
    }[found.change]
