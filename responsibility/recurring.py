"""Runs recurring duties from day to day: each period is opened ahead, owed by a held post, and missed when it ends.

One obligation a period, climbing like any other. When a period ends unfulfilled it is missed for good; its
obligation goes on climbing until the leaders have answered, or the root was notified, and ends then. The daily job may
run twice, or twice at a time.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from audit import log
from audit.context import SYSTEM, acting
from massline.acts import Doing, WrongState, perform
from massline.crypto import ALPHABET
from massline.time import instant, local_day
from responsibility import deadlines, events, fulfilments, obligations
from responsibility.models import DutyPeriod, PostDuty
from responsibility.period_acts import (
    DutyPosts,
    Fulfil,
    HandOver,
    Miss,
    PeriodAct,
    Release,
    Settle,
    facts_of,
    fully_escalated,
    misplaced,
)
from responsibility.rules import applied
from responsibility.subjects import ChainSubject

logger = logging.getLogger(__name__)

AHEAD = timedelta(days=14)
"""How long before its first day a period is opened."""


def run_daily(now: datetime | None = None) -> None:
    """Does the daily job: opens, releases, misses, hands over and settles periods."""
    at = now or timezone.now()
    day = local_day(at)

    def each(act: PeriodAct, pks: Iterable[int]) -> None:
        _each(pks, lambda pk: perform(act, DutyPeriod, pk, SYSTEM, {}, at=at))

    with acting(SYSTEM):
        _each(_duties_behind(day), lambda pk: open_periods(pk, day))
        each(Release(), _no_longer_asked())
        each(Miss(), DutyPeriod.objects.owed().filter(until__lte=day).values_list("pk", flat=True))
        each(HandOver(), misplaced(DutyPeriod.objects.all(), day))
        each(Settle(), fully_escalated().values_list("subject_id", flat=True))


def _each(pks: Iterable[int], do: Callable[[int], object]) -> None:
    """Does one after the other, each in its transaction: what another job did meanwhile is passed over, and a poison
    row stops no other."""
    for pk in list(pks):
        try:
            do(pk)
        except WrongState:
            continue
        except Exception:
            logger.exception("recurring duty %s could not be kept up", pk)


# --- Opening ----------------------------------------------------------------------------------------------------------


def periods_to_open(duty: PostDuty, reached: date | None, every: str, day: date) -> Iterator[tuple[date, date]]:
    """Yields the periods that a duty owes next, up to those that begin soon after `day`.

    They go on from the last that was opened (`reached`), so that a job that stood still leaves no gap; a new duty
    begins with the period around the day, and owes nothing of the time before it was registered.
    """
    since, until = deadlines.period_of(reached or max(duty.since, day), every)
    if since < max(duty.since, reached or date.min):
        since, until = deadlines.period_of(until, every)
    while since <= day + AHEAD and until <= (duty.until or date.max):
        yield since, until
        since, until = deadlines.period_of(until, every)


def _reached() -> Subquery:
    """Builds the query for the end of a duty's last period."""
    mine = DutyPeriod.objects.filter(post=OuterRef("post"), rule=OuterRef("rule"), since__gte=OuterRef("since"))
    return Subquery(mine.order_by("-until").values("until")[:1])


def _duties_behind(day: date) -> QuerySet[PostDuty, int]:
    """Returns the duties that may have a period to open."""
    duties = PostDuty.objects.annotate(reached=_reached()).filter(since__lte=day + AHEAD)
    behind = Q(reached=None) | Q(reached__lte=day + AHEAD)
    return duties.filter(behind, Q(until=None) | Q(until__gt=day)).values_list("pk", flat=True)


def _no_longer_asked() -> QuerySet[DutyPeriod, int]:
    """Returns the owed periods that no duty asks for any more: it ended, or begins later."""
    whole = Q(since__lte=OuterRef("since")) & (Q(until=None) | Q(until__gte=OuterRef("until")))
    duties = PostDuty.objects.filter(whole, post=OuterRef("post"), rule=OuterRef("rule"))
    return DutyPeriod.objects.owed().exclude(Exists(duties)).values_list("pk", flat=True)


@transaction.atomic
def open_periods(pk: int, day: date) -> None:
    """Opens the periods that a duty owes next. Another job that does the same waits, and then finds it done."""
    duty = PostDuty.objects.select_for_update().get(pk=pk)
    reached = PostDuty.objects.filter(pk=pk).annotate(reached=_reached()).values_list("reached", flat=True).get()
    in_force = applied(duty.rule, max(day, duty.since))
    if in_force is None or not in_force.every:
        return
    for since, until in periods_to_open(duty, reached, in_force.every, day):
        _open(duty, since, until, day)


def _open(duty: PostDuty, since: date, until: date, day: date) -> None:
    period = DutyPeriod(number=_number(since), post=duty.post, rule=duty.rule, since=since, until=until)
    log.record(events.PERIOD_OPENED, subject=log.Subject(DutyPeriod.KIND, period.number), facts=facts_of(period))
    period.save(force_insert=True)
    post = DutyPosts([duty.post], day).owing(duty.post)
    obligations.open_(period.matter, duty.rule, ChainSubject(duty.post.organ_id, post=post), instant(since))


def _number(since: date) -> str:
    """Makes a number without any order."""
    return f"LX{since:%Y%m%d}-{''.join(secrets.choice(ALPHABET) for _place in range(8))}"


# --- Fulfilling -------------------------------------------------------------------------------------------------------


def _post_of_work(doing: Doing) -> int | None:
    post: int | None = doing.record.chain_subject().post
    return post


class Fulfils:
    """Effect of an act on another record: fulfils a post's duty under these rules, in the period of its moment.

    No other: a second reception in a month is not next month's, and what was missed is missed. `post` says whose duty
    it is; without it, the post whose work the record is.
    """

    def __init__(self, *rules: str, post: Callable[[Doing], int | None] = _post_of_work) -> None:
        self.rules, self.post = rules, post

    def apply(self, doing: Doing) -> None:
        assert doing.event is not None
        post, day = self.post(doing), local_day(doing.at)
        with acting(SYSTEM):
            periods = DutyPeriod.objects.around(day).filter(post=post, rule__in=self.rules)
            duties = PostDuty.objects.on(day).filter(post=post, rule__in=self.rules)
            for duty in duties.exclude(rule__in=periods.values("rule")):
                open_periods(duty.pk, day)  # the act comes before the job of the day
            act = Fulfil(doing.record.matter)
            owed = list(periods.owed().values_list("pk", flat=True))
            fulfilled = [perform(act, DutyPeriod, pk, SYSTEM, {}, at=doing.at) for pk in owed]
        log.resume(doing.event)
        fulfilments.keep(fulfilled, doing)
