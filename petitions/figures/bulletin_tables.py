"""The figures of the weekly bulletin for a finished week, as of its end: a bulletin made next month says the same.

The bulletin is passed on to others, so it holds less than its maker may see: no petition that names an official is
listed by its number, and it has no title, no petitioner and no official's name.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import User
from citizens.models import Complained
from massline.time import local_day
from petitions.figures.indicators import ANSWERED, FIGURES, answered
from petitions.models import Demand
from petitions.models.petition import DemandQuerySet
from records.figures.indicators import Indicator
from records.figures.overview import results, trend
from records.figures.periods import Period, weeks_until
from responsibility.models import Escalation, Obligation, Organ, OrganKind
from responsibility.people import position_of

MAX_LISTED = 10


def week(user: User, period: Period, now: datetime) -> dict[str, Any]:
    """Computes the figures of a week (Monday to Sunday) for the user, as plain JSON."""
    seen = Demand.objects.for_user(user)
    owing = _owing(seen, period)
    weeks = weeks_until(period.last)
    return {
        "as_of": now.isoformat(),
        "issuer": _issuer(user),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "year": period.first.isocalendar().year,
        "number": period.first.isocalendar().week,
        "received": _counts(seen.filter(period.happened("received_at"))),
        "answered": answered(period).filter(subject_id__in=seen.values("pk")).count(),
        "open": _counts(seen.filter(pk__in=owing.values("subject_id"))),
        "overdue": _counts(seen.filter(pk__in=owing.filter(due_at__lte=period.until).values("subject_id"))),
        "rates": {each.name: _rate(each, seen, period) for each in FIGURES.timely},
        "organs": _organs(seen, owing, period),
        "trend": [_week(line) for line in trend(FIGURES, seen, weeks, period.until)],
        "longest": _longest(owing, period),
        "escalated": _escalated(seen, period),
    }


def _issuer(user: User) -> str:
    """Returns the organ that issues the bulletin: the first in which the user holds a post."""
    return next((Organ.objects.get(pk=held.organ).name for held in position_of(user).held), user.get_kind_display())


def _owing(seen: DemandQuerySet, period: Period) -> QuerySet[Obligation]:
    """Selects the obligations about petitions that were open at the end of the week."""
    then = period.until
    owed = Obligation.objects.filter(subject_kind="petition", subject_id__in=seen.values("pk"), opened_at__lt=then)
    return owed.filter(Q(closed_at=None) | Q(closed_at__gte=then))


def _counts(found: DemandQuerySet) -> dict[str, int]:
    """Counts the petitions and their persons (件次, 人次)."""
    return found.aggregate(matters=Count("pk"), persons=Sum("petition__persons", default=0))


def _rate(indicator: Indicator, seen: DemandQuerySet, period: Period) -> dict[str, int]:
    share = indicator.share(results(indicator.cohort, period, period.until, seen))
    return {"part": share.part, "whole": share.whole}


def _week(line: dict[str, Any]) -> dict[str, Any]:
    share = ANSWERED.share(line)
    return {"first": line["first"], "received": line.get("received", 0), "part": share.part, "whole": share.whole}


def _organs(seen: DemandQuerySet, owing: QuerySet[Obligation], period: Period) -> list[dict[str, Any]]:
    """Returns the organs with open or due petitions: the open, the overdue, and those answered on time."""
    counts: dict[int, Counter[str]] = {}
    late = Count("subject_id", distinct=True, filter=Q(due_at__lte=period.until))
    standing_open = owing.order_by().values_list("organ").annotate(many=Count("subject_id", distinct=True), over=late)
    for organ, many, over in standing_open:
        counts[organ] = Counter(open=many, overdue=over)
    due: Any = ANSWERED.cohort.found(period, period.until).filter(subject_id__in=seen.values("pk"))
    for organ, result, many in due.order_by().values_list("organ", "result").annotate(many=Count("pk")):
        counts.setdefault(organ, Counter()).update({"whole": many, "part": many if result == "on_time" else 0})
    names = dict(Organ.objects.filter(pk__in=counts).values_list("pk", "name"))
    rows = [
        {"name": names[pk], **{what: row[what] for what in ("open", "overdue", "part", "whole")}}
        for pk, row in sorted(counts.items())
    ]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["open"]))


def _may_be_listed() -> Q:
    """Excludes petitions that name an official: a reader of the bulletin may be the one complained about. They are
    counted and not listed."""
    named = Complained.objects.filter(
        filing__in=Demand.objects.filter(pk=OuterRef(OuterRef("subject_id"))).values("petition"), user__isnull=False
    )
    return ~Q(Exists(named))


def _longest(owing: QuerySet[Obligation], period: Period) -> list[dict[str, Any]]:
    """Returns the petitions overdue for longest at the end of the week, each once."""
    late = owing.filter(_may_be_listed(), due_at__lte=period.until).select_related("organ")
    found: dict[str, dict[str, Any]] = {}
    for owed in late.order_by("due_at", "pk")[: 4 * MAX_LISTED]:
        days = owed.days_over(period.last)
        found.setdefault(
            owed.subject_key, {"number": owed.subject_key, "organ": owed.organ.name, "goal": owed.goal, "days": days}
        )
    return list(found.values())[:MAX_LISTED]


def _escalated(seen: DemandQuerySet, period: Period) -> list[dict[str, Any]]:
    """Returns the escalations of the week to the heads of a party committee and government, and whether these
    instructed."""
    owed = Obligation.objects.filter(_may_be_listed(), subject_kind="petition", subject_id__in=seen.values("pk"))
    climbed = (
        Escalation.objects.filter(period.happened("noticed_at"), obligation__in=owed)
        .filter(organ__kind=OrganKind.COMMITTEE)
        .select_related("obligation__organ", "organ")
        .order_by("noticed_at", "pk")
    )
    return [
        {
            "number": e.obligation.subject_key,
            "organ": e.obligation.organ.name,
            "to": e.organ.name,
            "day": local_day(e.noticed_at).isoformat(),
            "instructed": e.instructed_at is not None and e.instructed_at < period.until,
        }
        for e in climbed[: 4 * MAX_LISTED]
    ]
