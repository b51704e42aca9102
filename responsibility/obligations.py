"""Opens, closes, reopens, extends and hands over obligations.

Every function runs in the caller's transaction, under the caller's event. Only these functions move a date.
"""

from collections.abc import Container, Iterable
from copy import copy
from datetime import datetime
from typing import Any

from massline.time import local_day
from responsibility import deadlines, ladder, record_dates
from responsibility.calendar import Calendar, at_version, calendar
from responsibility.chain import levels_above
from responsibility.deadlines import Due
from responsibility.models import Escalation, EscalationState, Obligation, ObligationQuerySet, Outcome, Post
from responsibility.people import receiving_post
from responsibility.rule_files import Rule
from responsibility.rules import applied, rule, with_an_end_of_their_own
from responsibility.subjects import ChainSubject, Matter


class NoResponsiblePost(Exception):
    """The organ has no post that could be responsible: a fault of the register of posts."""


def rule_of(obligation: Obligation) -> Rule:
    """Returns the rule that the obligation was opened under, in the edition of then."""
    return rule(obligation.rule, edition=obligation.edition)


def computed_due(obligation: Obligation, known: Calendar | None = None) -> Due:
    """Computes an obligation's dates anew from the event that started it, with their derivation: under the arrangements
    of holidays that they were computed under, or under others."""
    known = known or at_version(obligation.calendar)
    due = deadlines.compute(rule_of(obligation), obligation.opened_at, known, days=obligation.days)
    return deadlines.extend(due, obligation.extended_days) if obligation.extended_days else due


def extended_due(obligation: Obligation, days: int) -> Due:
    """Computes its dates with so many days more, by the newest arrangements; never earlier than by those that it ran
    under."""
    longer = copy(obligation)
    longer.extended_days += days
    return max((computed_due(longer, calendar()), computed_due(longer)), key=lambda due: due.due_at or longer.opened_at)


def due_under(code: str, at: datetime, days: int | None = None) -> Due:
    """Computes the dates of an obligation that runs from `at` on, under the rule in force on that day in Shanghai."""
    in_force = applied(code, local_day(at)) or rule(code, on=local_day(at))  # which says what was in force instead
    return deadlines.compute(in_force, at, calendar(), days=days)


def open_(
    matter: Matter, code: str, work: ChainSubject, at: datetime, *, days: int | None = None, item: int = 0
) -> Obligation:
    """Opens an obligation that runs from `at` on, under the rule in force on that day in Shanghai, and saves it."""
    obligation = build(matter, code, work, at, days=days, item=item)
    obligation.save(force_insert=True)
    record_dates.obligation_changed(obligation)
    return obligation


def build(
    matter: Matter,
    code: str,
    work: ChainSubject,
    at: datetime,
    *,
    days: int | None = None,
    item: int = 0,
    escalation: int | None = None,
) -> Obligation:
    """Builds an obligation without saving it; `escalation` is the one that a leader has to answer by it."""
    computed = due_under(code, at, days)
    in_force = computed.rule
    obligation = Obligation(
        subject_kind=matter.kind,
        subject_id=matter.pk,
        subject_key=matter.key,
        rule=in_force.code,
        edition=in_force.edition,
        item=item,
        goal=in_force.title,
        requirement=in_force.basis,
        organ_id=work.organ,
        post_id=_post(work),
        escalation_id=escalation,
        opened_at=at,
        days=days,
    )
    set_dates(obligation, computed)
    obligation.next_step, obligation.next_at = _first_step(obligation, computed, at)
    return obligation


def close(obligation: Obligation, at: datetime, *, released: bool = False, missed: bool = False) -> None:
    """Closes an obligation that is done; or (`released`) need not be done any more, or (`missed`) cannot be.

    A breach stays dated by its due date.
    """
    mark_closed(obligation, at, released=released, missed=missed)
    obligation.save(update_fields=["breached_at", "closed_at", "outcome", "next_step", "next_at"])
    record_dates.obligation_changed(obligation)
    _settle_escalations(obligation, at)


def mark_closed(obligation: Obligation, at: datetime, *, released: bool = False, missed: bool = False) -> None:
    """Marks an obligation as closed without saving it."""
    if obligation.is_overdue(at):
        obligation.breached_at = obligation.breached_at or obligation.due_at
    late = obligation.breached_at is not None  # an extension after the breach does not make it punctual
    obligation.closed_at = at
    done = Outcome.LATE if late else Outcome.MET
    obligation.outcome = Outcome.RELEASED if released else Outcome.MISSED if missed else done
    obligation.next_step, obligation.next_at = "", None


def _settle_escalations(obligation: Obligation, at: datetime) -> None:
    """Settles the open escalations of a closed obligation: leaders need not answer for what has been done."""
    if obligation.escalation_id is not None:
        return
    for escalation in obligation.escalations.filter(state__in=Escalation.OPEN):
        escalation.state = EscalationState.SETTLED
        escalation.save(update_fields=["state"])
        for owed in escalation.owed.open():
            close(owed, at, released=True)


def close_all(
    matter: Matter,
    at: datetime,
    rules: Iterable[str] | None = None,
    *,
    item: int | None = None,
    released: bool = False,
) -> None:
    """Closes the open obligations of a record: under these rules; or all, but for those that have an end of their own.

    When nothing at all need be done any more (`released`), these go with the rest.
    """
    with record_dates.follow_once():
        for obligation in _open_about(matter, rules, item, all_ends=released).order_by("pk"):
            close(obligation, at, released=released)


def close_missed(matter: Matter, at: datetime) -> None:
    """Closes all open obligations of a record whose time is over, as missed."""
    for obligation in _open_about(matter, None, None, all_ends=True).order_by("pk"):
        close(obligation, at, missed=True)


def close_one(pk: int, at: datetime, *, released: bool = False) -> None:
    """Closes this obligation, unless something has closed it before."""
    for obligation in _locked().open().filter(pk=pk):
        close(obligation, at, released=released)


def reopen(matter: Matter, code: str, work: ChainSubject, at: datetime, *, item: int = 0) -> Obligation:
    """Reopens the latest closed obligation with its dates, for the post that handles the record now.

    An arrangement of holidays that came meanwhile moves the dates by the next recomputation.
    """
    obligation = _locked().about(matter.kind, matter.pk).filter(rule=code, item=item).latest("opened_at")
    obligation.closed_at, obligation.outcome = None, ""
    obligation.organ_id, obligation.post_id = work.organ, _post(work)
    obligation.calendar_checked = obligation.calendar  # while it was closed no arrangement moved it
    schedule(obligation, at)
    obligation.save(
        update_fields=["closed_at", "outcome", "organ", "post", "calendar_checked", "next_step", "next_at"],
    )
    record_dates.obligation_changed(obligation)
    return obligation


def extend(obligation: Obligation, days: int, at: datetime) -> None:
    """Moves the dates by so many days, counted from the original ones (延期, Art. 34). A breach is not erased."""
    if obligation.is_overdue(at):
        obligation.breached_at = obligation.breached_at or obligation.due_at
    longer = extended_due(obligation, days)
    obligation.extended_days += days
    set_dates(obligation, longer)
    schedule(obligation, at)
    obligation.save(update_fields=["breached_at", "extended_days", *DATES, "next_step", "next_at"])
    record_dates.obligation_changed(obligation)


def find_open(matter: Matter, code: str, *, item: int = 0) -> Obligation:
    """Returns the open obligation of a record under this rule, locked; raises Obligation.DoesNotExist."""
    return _locked().open().about(matter.kind, matter.pk).get(rule=code, item=item)


def hand_over(
    matter: Matter, work: ChainSubject, rules: Iterable[str] | None = None, *, item: int | None = None
) -> None:
    """Hands the organ's open obligations about a record to another of its posts: under these rules; or all, but for
    those that have an end of their own."""
    for obligation in _open_about(matter, rules, item).filter(organ=work.organ):
        obligation.post_id = _post(work)
        obligation.save(update_fields=["post"])


def hand_over_one(pk: int, post: int) -> None:
    """Hands this one obligation to another post, perhaps of another organ."""
    organ = Post.objects.values_list("organ", flat=True).get(pk=post)
    for obligation in _locked().open().filter(pk=pk):
        obligation.post_id, obligation.organ_id = post, organ
        obligation.save(update_fields=["post", "organ"])


def _open_about(
    matter: Matter, rules: Iterable[str] | None, item: int | None, *, all_ends: bool = False
) -> ObligationQuerySet:
    """Narrows to the open obligations of a record under these rules, or under all but those with an end of their own;
    of several items one, or all."""
    owed = _locked().open().about(matter.kind, matter.pk)
    if rules is not None:
        owed = owed.filter(rule__in=list(rules))
    elif not all_ends:
        owed = owed.exclude(rule__in=with_an_end_of_their_own())
    return owed if item is None else owed.filter(item=item)


def _locked() -> ObligationQuerySet:
    """Locks what is read: a sweep may be taking a step of the same obligation."""
    return Obligation.objects.select_for_update(of=("self",))


def _post(work: ChainSubject) -> int:
    """Returns the responsible post (定责任) that every obligation has; raises NoResponsiblePost."""
    post = work.post or receiving_post(work.organ)
    if post is None:
        raise NoResponsiblePost(f"organ {work.organ} has no post")
    return post


def schedule(obligation: Obligation, at: datetime, taking: str = "") -> None:
    """Sets the next step that was not taken before, nor is being taken, so that nobody is notified of a step twice."""
    taken = {e.step: e.noticed_at for e in obligation.escalations.all()}
    if taking:
        taken[taking] = at
    moment: datetime | None
    step, moment = _first_step(obligation, computed_due(obligation), at, taken)
    if step == ladder.OVERDUE and (climbed := taken.keys() - set(ladder.WARNINGS)):
        last = max(climbed, key=depth)
        step = step_above(last)
        moment = max(obligation.due_at or at, ladder.moment_after(taken[last], wait_before(step)))
        if depth(step) > levels_above(obligation.organ_id, local_day(at)):
            step, moment = "", None  # the root has been notified
    obligation.next_step, obligation.next_at = step, moment
    obligation.calendar_checked = min(obligation.calendar_checked, calendar().version)


def depth(step: str) -> int:
    found = ladder.depth_of(step)
    return -1 if found is None else found


def step_above(step: str) -> str:
    """Returns the step after a climbing step."""
    return ladder.superior(depth(step) + 1)


def wait_before(step: str) -> int:
    """Returns the working days between the step before and this one."""
    steps = ladder.ladder()
    return steps.top if step == ladder.TOP else steps.superior


def event_facts(obligation: Obligation) -> dict[str, Any]:
    """Returns an event's facts about an obligation: its goal, rule and item, never the words of an order."""
    item = {"item": obligation.item} if obligation.item else {}
    return {"goal": obligation.goal, "rule": obligation.rule, **item}


DATES = ("strict_at", "due_at", "provisional", "calendar", "calendar_checked")


def set_dates(obligation: Obligation, due: Due) -> None:
    """Sets an obligation's dates, and the version of the calendar that they were computed by."""
    obligation.strict_at, obligation.due_at, obligation.provisional = due.strict_at, due.due_at, due.provisional
    obligation.calendar = obligation.calendar_checked = due.calendar.version


def _first_step(
    obligation: Obligation, due: Due, at: datetime, taken: Container[str] = ()
) -> tuple[str, datetime | None]:
    """Returns the first step that the sweep takes: the next warning that still lies ahead, else the overdue step.

    A leader's answer is due in a day or three: the notice itself is the warning. Where there are three working days in
    all, nobody need be told that three are left.
    """
    if due.due_at is None:
        return "", None
    if obligation.escalation_id is not None:
        return ladder.OVERDUE, due.due_at
    short = due.rule.unit == "wd" and (due.amount or 0) + due.extended <= deadlines.YELLOW_WORKING_DAYS
    ahead = [
        (moment, step)
        for moment, step in zip(deadlines.warning_moments(due), ladder.WARNINGS, strict=True)
        if moment is not None and moment > at and step not in taken and not (short and step == ladder.WARN_DAYS)
    ]
    moment, step = min(ahead, default=(due.due_at, ladder.OVERDUE))
    return step, moment
