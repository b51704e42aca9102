"""The indicators of petition work: every formula stands here once, and every figure counts a list that can be opened.

DOMAIN 3.3: a rate is taken over the cohort (批次) of what fell due in a period, so that what nobody answered stays in
the denominator; counts stand beside every rate. Days are Shanghai days, a period runs from its first to its last day.
What is true is read from what was owed (`responsibility.Obligation`), never from the dates of a form.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Left, TruncWeek
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.time import SHANGHAI, instant, local_day
from petitions.models import OPEN, Demand, RatedObject, Rating
from petitions.visibility import DemandQuerySet
from responsibility.models import Obligation, Organ
from responsibility.models import Outcome as Ended

SAMPLE = 5
"""A rate of fewer than so many says nothing (样本不足): only its counts are shown."""
WEEKS = 12
"""How many weeks the trend goes back, the present one included."""
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included, in Shanghai."""

    first: date
    last: date

    @property
    def after(self) -> datetime:
        """A period of days ends at the end of its last day: what falls due in it is due later than this instant …"""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """… and not later than this one."""
        return _midnight(min(self.last, LATEST) + timedelta(days=1))

    def due(self, column: str = "due_at") -> Q:
        """What falls due in the period; the end of a day belongs to that day."""
        return Q(**{f"{column}__gt": self.after, f"{column}__lte": self.until})

    def happened(self, column: str) -> Q:
        """What happened in the period; midnight begins a day."""
        return Q(**{f"{column}__gte": self.after, f"{column}__lt": self.until})


def _midnight(day: date) -> datetime:
    """What an address asks for may lie at the ends of the calendar, where no other time zone follows."""
    day = min(max(day, EARLIEST), LATEST)
    return instant(day)


def week_of(day: date) -> Period:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def weeks_until(day: date, many: int = WEEKS) -> list[Period]:
    """The week of this day and those before it, oldest first."""
    return [week_of(day - timedelta(weeks=ago)) for ago in range(many - 1, -1, -1)]


def finished_weeks(day: date, many: int = WEEKS) -> list[Period]:
    """The weeks that were over before this day, latest first."""
    return weeks_until(day - timedelta(weeks=1), many)[::-1]


class Cohort(models.TextChoices):
    """What a list or a rate is taken over."""

    ROUTED = "routed", _("信访部门及时受理率")
    ACCEPTED = "accepted", _("责任单位及时受理率")
    ANSWERED = "answered", _("按期办结率")
    RATED_OFFICE = "rated_office", _("对信访部门的满意率")
    RATED_ORGAN = "rated_organ", _("对责任单位的满意率")
    ASKED_OFFICE = "asked_office", _("对信访部门的参评率")
    ASKED_ORGAN = "asked_organ", _("对责任单位的参评率")


class Result(models.TextChoices):
    """How it came out. 应评价 and 到期 are the whole cohort and need no result."""

    ON_TIME = "on_time", _("按期")
    LATE = "late", _("超期办理")
    PENDING = "pending", _("未到期未办")
    OVERDUE = "overdue", _("超期未办")
    SATISFIED = "satisfied", _("满意")
    BASICALLY = "basically", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    RATED = "rated", _("已评价")
    UNRATED = "unrated", _("未评价")


DUE = (Result.ON_TIME, Result.LATE, Result.OVERDUE, Result.PENDING)
RULES = {
    Cohort.ROUTED: ("XF01",),
    Cohort.ACCEPTED: ("XF02", "XF03"),
    Cohort.ANSWERED: ("XF06", "XF14"),
}
"""Whose period it is.

信访部门及时受理率: forwarded, assigned or accepted within 15 days of receipt (Art. 22).
责任单位及时受理率: acceptance told within 15 days of receiving it (Art. 23); the 30 days from registration in
DOMAIN 3.3 are these two periods one after the other, and each organ answers for its own.
按期办结率 (按期答复率): the opinion within 60 days of acceptance, with what was granted on top (Art. 34).
"""
OF_RATING = {Cohort.RATED_OFFICE: RatedObject.PETITION_OFFICE, Cohort.RATED_ORGAN: RatedObject.ORGAN}
OF_ASKING = {Cohort.ASKED_OFFICE: RatedObject.PETITION_OFFICE, Cohort.ASKED_ORGAN: RatedObject.ORGAN}
SCORES = {Result.SATISFIED: (4, 5), Result.BASICALLY: (3,), Result.DISSATISFIED: (1, 2)}
"""The five levels of 好差评 in the three of 满意度评价."""


def owed(cohort: Cohort, period: Period, now: datetime) -> QuerySet[Obligation]:
    """The cohort by due date (DOMAIN 3.3): at most one obligation of a demand, with its `result`.

    按期 + 超期 + 未答复 + 超期未答复. What a withdrawal released before it was due was never owed; what was released
    after its breach stays, since a breach stays. An extension moves an item to the cohort of its new date.
    """
    mine = Obligation.objects.filter(subject_kind="petition", rule__in=RULES[cohort])
    later = mine.filter(subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"))
    result = Case(
        When(outcome=Ended.MET, then=Value(Result.ON_TIME)),
        When(outcome=Ended.LATE, then=Value(Result.LATE)),
        When(Q(breached_at__isnull=False) | Q(due_at__lte=now), then=Value(Result.OVERDUE)),
        default=Value(Result.PENDING),
        output_field=CharField(),
    )
    due = mine.filter(period.due()).exclude(outcome=Ended.RELEASED, breached_at=None)
    return due.filter(~Exists(later)).annotate(result=result)


def ratings(cohort: Cohort, period: Period) -> QuerySet[Rating]:
    """The cohort of 满意率 (DOMAIN 3.2, 3.3): what was rated in the period, each object apart."""
    result = Case(
        *(When(score__in=scores, then=Value(result)) for result, scores in SCORES.items()), output_field=CharField()
    )
    rated = Rating.objects.filter(period.happened("rated_at"), object=OF_RATING[cohort])
    return rated.annotate(result=result)


def asked(cohort: Cohort, period: Period) -> QuerySet[Obligation]:
    """The cohort of 参评率 (DOMAIN 3.3).

    No length of the rating window is published, so 应评价 is whatever was answered in the period.
    """
    rated = Rating.objects.filter(demand=OuterRef("subject_id"), object=OF_ASKING[cohort])
    result = Case(
        When(Exists(rated), then=Value(Result.RATED)), default=Value(Result.UNRATED), output_field=CharField()
    )
    mine = Obligation.objects.filter(subject_kind="petition", rule__in=RULES[Cohort.ANSWERED])
    later = mine.filter(subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"))
    done = mine.filter(period.happened("closed_at"), outcome__in=(Ended.MET, Ended.LATE))
    return done.filter(~Exists(later)).annotate(result=result)


def counted_in(
    cohort: Cohort, period: Period, now: datetime, *, result: str = "", organ: Organ | None = None
) -> QuerySet[Any]:
    """The ids of the demands that a figure counts."""
    found: Any
    if cohort in OF_RATING:
        found, demand = ratings(cohort, period), "demand_id"
    else:
        found, demand = (owed(cohort, period, now) if cohort in RULES else asked(cohort, period)), "subject_id"
    if result:
        found = found.filter(result=result)
    if organ:
        found = found.filter(organ=organ)
    return found.values(demand)


@dataclass(frozen=True)
class Share:
    """A part of a whole: both numbers always, a rate only when the whole is large enough."""

    part: int
    whole: int

    @property
    def enough(self) -> bool:
        return self.whole >= SAMPLE

    @property
    def percent(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.enough else ""


def on_time(counts: Any) -> Share:
    """按期 ÷ (按期 + 超期 + 未答复 + 超期未答复)."""
    whole = sum(counts.get(result, 0) for result in DUE)
    return Share(counts.get(Result.ON_TIME, 0), whole)


def satisfied(counts: Any) -> Share:
    """(满意 + 基本满意) ÷ (满意 + 基本满意 + 不满意)."""
    good = counts.get(Result.SATISFIED, 0) + counts.get(Result.BASICALLY, 0)
    return Share(good, good + counts.get(Result.DISSATISFIED, 0))


def took_part(counts: Any) -> Share:
    """已评价 ÷ 应评价."""
    rated = counts.get(Result.RATED, 0)
    return Share(rated, rated + counts.get(Result.UNRATED, 0))


def overview(user: User, period: Period, now: datetime) -> dict[str, Any]:
    """All figures of the petitions that exist for this person, as plain JSON; the work grows with what is visible."""
    seen = Demand.objects.for_user(user)
    today = local_day(now)
    due = Period(today, week_of(today).last)
    tables = {"organs": Tally(), "classes": Tally()}
    totals = _open(seen, due, now, tables)
    rates = {cohort.value: _rate(cohort, seen, period, now, tables) for cohort in RULES}
    asked_for = {cohort.value: results(asked(cohort, period), seen) for cohort in OF_ASKING}
    rated = {cohort.value: results(ratings(cohort, period), seen, "demand_id") for cohort in OF_RATING}
    return {
        "as_of": now.isoformat(),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "due_first": due.first.isoformat(),
        "due_last": due.last.isoformat(),
        "totals": totals,
        "rates": rates | asked_for | rated,
        "organs": _organs(tables["organs"]),
        "classes": [{"code": f"{top}0000", **_line(row)} for top, row in sorted(tables["classes"].items())],
        "trend": trend(seen, weeks_until(today), now),
    }


class Tally(dict[Any, Counter[str]]):
    """Rows of a table that is being added up."""

    def __missing__(self, key: Any) -> Counter[str]:
        self[key] = Counter()
        return self[key]


def _open(seen: DemandQuerySet, due: Period, now: datetime, tables: dict[str, Tally]) -> dict[str, int]:
    """What is open, falls due in the rest of this week, is overdue: by organ and first-level class.

    件次 and 人次: a group of twenty is one matter and twenty people.
    """
    parts = {"open": Q(), "due": due.due(), "overdue": Q(due_at__lte=now)}
    matters = {name: Count("pk", filter=part) for name, part in parts.items()}
    people = {persons(name): Sum("petition__persons", filter=part, default=0) for name, part in parts.items()}
    found = seen.filter(state__in=sorted(OPEN)).annotate(top=Left("category", 2)).values("organ", "top")
    totals: Counter[str] = Counter(dict.fromkeys([*matters, *people], 0))
    rows: Any = found.annotate(**matters, **people).order_by()
    for row in rows:
        counts = {name: row[name] for name in (*matters, *people)}
        for tally in (totals, tables["organs"][row["organ"]], tables["classes"][row["top"]]):
            tally.update(counts)
    return dict(totals)


def persons(name: str) -> str:
    """The name of the 人次 beside a figure's 件次."""
    return f"{name}_persons"


def _rate(
    cohort: Cohort, seen: DemandQuerySet, period: Period, now: datetime, tables: dict[str, Tally]
) -> dict[str, int]:
    """One cohort by result; the tables show of it what was answered on time."""
    category = Demand.objects.filter(pk=OuterRef("subject_id")).values("category")
    found = (
        owed(cohort, period, now)
        .filter(subject_id__in=seen.values("pk"))
        .annotate(top=Left(Subquery(category), 2))
        .values("organ", "top", "result")
        .annotate(many=Count("pk"))
        .order_by()
    )
    counts: Counter[str] = Counter()
    for row in found:
        counts[row["result"]] += row["many"]
        if cohort == Cohort.ANSWERED:
            for table, key in (("organs", row["organ"]), ("classes", row["top"])):
                tables[table][key][f"of_{row['result']}"] += row["many"]
    return dict(counts)


def results(found: QuerySet[Any], seen: DemandQuerySet, demand: str = "subject_id") -> dict[str, int]:
    """How many of a cohort came out how, of the petitions that somebody sees."""
    mine = found.filter(**{f"{demand}__in": seen.values("pk")})
    return dict(mine.order_by().values_list("result").annotate(many=Count("pk")))


def _organs(tally: Tally) -> list[dict[str, Any]]:
    named = Organ.objects.filter(pk__in=tally).order_by("id").values_list("pk", "code", "name")
    rows = [{"code": code, "name": name, **_line(tally[pk])} for pk, code, name in named]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["open"]))


def _line(counts: Counter[str]) -> dict[str, Any]:
    """What is open now, and apart from it the cohort: 已超期 of the one is not 超期未办 of the other."""
    now = {each: counts[each] for name in ("open", "due", "overdue") for each in (name, persons(name))}
    return now | {"answered": {result.value: counts[f"of_{result}"] for result in DUE if counts[f"of_{result}"]}}


def trend(seen: DemandQuerySet, weeks: list[Period], now: datetime) -> list[dict[str, Any]]:
    """Week by week: what came in, and what became of the opinions that fell due (按期办结)."""
    whole = Period(weeks[0].first, weeks[-1].last)
    counts: Tally = Tally()
    due_on = TruncWeek(F("due_at") - timedelta(microseconds=1), tzinfo=SHANGHAI)  # the end of Sunday is Sunday's
    answers = owed(Cohort.ANSWERED, whole, now).filter(subject_id__in=seen.values("pk")).annotate(week=due_on)
    for week, result, many in answers.order_by().values_list("week", "result").annotate(many=Count("pk")):
        counts[week.date()][result] += many
    came = seen.filter(whole.happened("received_at")).annotate(week=TruncWeek("received_at", tzinfo=SHANGHAI))
    arrivals = came.order_by().values_list("week").annotate(many=Count("pk"), people=Sum("petition__persons"))
    for week, many, people in arrivals:
        counts[week.date()].update({"received": many, persons("received"): people})
    return [{"first": w.first.isoformat(), "last": w.last.isoformat(), **counts[w.first]} for w in weeks]
