"""Computes all figures of a kind for one person, as plain JSON; the work grows with what is visible to them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Left, TruncWeek

from accounts.models import User
from massline.time import SHANGHAI, local_day
from records.figures.cohorts import DUE
from records.figures.indicators import Cohort, FigureSet
from records.figures.periods import Period, week_of, weeks_until
from responsibility.models import Organ

TOP = 2
"""How many digits of a content class name its first level."""


class Tally(dict[Any, Counter[str]]):
    """The rows of a table while it is added up."""

    def __missing__(self, key: Any) -> Counter[str]:
        self[key] = Counter()
        return self[key]


class Tables:
    """The two tables: by organ and by first-level class; "" is of what has none yet."""

    def __init__(self, *, by_class: bool) -> None:
        self.organs, self.classes, self.by_class = Tally(), Tally(), by_class

    def add(self, organ: int, top: str, counts: dict[str, int]) -> None:
        self.organs[organ].update(counts)
        if self.by_class:
            self.classes[top].update(counts)


def overview(figures: FigureSet, user: User, period: Period, now: datetime) -> dict[str, Any]:
    seen = figures.model.objects.for_user(user)
    today = local_day(now)
    due = Period(today, week_of(today).last)
    tables = Tables(by_class=bool(figures.category))
    totals = _open(figures, seen, due, now, tables)
    main = _main(figures, seen, period, now, tables)
    rates = {each.name: results(each.cohort, period, now, seen) for each in figures.all if each is not figures.main}
    return {
        "as_of": now.isoformat(),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "due_first": due.first.isoformat(),
        "due_last": due.last.isoformat(),
        "totals": totals,
        "rates": {figures.main.name: main, **rates},
        "organs": _organs(tables.organs),
        "classes": [{"code": f"{top}0000" if top else "", **_line(row)} for top, row in sorted(tables.classes.items())],
        "trend": trend(figures, seen, weeks_until(today), now),
    }


def persons(name: str) -> str:
    """Returns the name of the 人次 beside a figure's 件次."""
    return f"{name}_persons"


def results(cohort: Cohort, period: Period, now: datetime, seen: QuerySet[Any]) -> dict[str, int]:
    """Counts the results of a cohort, of the records that the user sees."""
    found = cohort.found(period, now).filter(**{f"{cohort.record}__in": seen.values("pk")})
    return dict(found.order_by().values_list("result").annotate(many=Count("pk")))


def _open(figures: FigureSet, seen: QuerySet[Any], due: Period, now: datetime, tables: Tables) -> dict[str, int]:
    """Counts what is open, falls due in the rest of this week, is overdue: by organ and first-level class.

    件次 and 人次: a group of twenty is one matter and twenty people.
    """
    parts = {"open": Q()}
    if figures.due:
        parts |= {"due": due.due(figures.due), "overdue": Q(**{f"{figures.due}__lte": now})}
    counts: dict[str, Any] = {name: Count("pk", filter=part) for name, part in parts.items()}
    if figures.persons:
        counts |= {persons(name): Sum(figures.persons, filter=part, default=0) for name, part in parts.items()}
    totals: Counter[str] = Counter(dict.fromkeys(counts, 0))
    found = seen.filter(state__in=sorted(figures.open)).annotate(top=_top(figures)).values("organ", "top")
    for row in found.annotate(**counts).order_by():
        line = {name: row[name] for name in counts}
        totals.update(line)
        tables.add(row["organ"], row["top"], line)
    return dict(totals)


def _top(figures: FigureSet) -> Any:
    return Left(figures.category, TOP) if figures.category else Value("")


def _main(figures: FigureSet, seen: QuerySet[Any], period: Period, now: datetime, tables: Tables) -> dict[str, int]:
    """Counts the main indicator's cohort by result; the tables show of it what was done on time."""
    cohort = figures.main.cohort
    record = figures.model.objects.filter(pk=OuterRef(cohort.record)).annotate(top=_top(figures)).values("top")
    found = cohort.found(period, now).filter(**{f"{cohort.record}__in": seen.values("pk")})
    found = found.annotate(top=Subquery(record)).values("organ", "top", "result")
    counts: Counter[str] = Counter()
    for row in found.annotate(many=Count("pk")).order_by():
        counts[row["result"]] += row["many"]
        tables.add(row["organ"], row["top"], {f"of_{row['result']}": row["many"]})
    return dict(counts)


def _organs(tally: Tally) -> list[dict[str, Any]]:
    named = Organ.objects.filter(pk__in=tally).order_by("id").values_list("pk", "code", "name", "name_en")
    rows = [{"code": code, "name": name, "name_en": english, **_line(tally[pk])} for pk, code, name, english in named]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["open"]))


def _line(counts: Counter[str]) -> dict[str, Any]:
    """Returns what is open now, and apart from it the cohort: 已超期 of the one is not 超期未办 of the other."""
    now = {each: counts[each] for name in ("open", "due", "overdue") for each in (name, persons(name))}
    return now | {"results": {result.value: counts[f"of_{result}"] for result in DUE if counts[f"of_{result}"]}}


def trend(figures: FigureSet, seen: QuerySet[Any], weeks: Sequence[Period], now: datetime) -> list[dict[str, Any]]:
    """Counts by week what was received, and the results of what fell due."""
    whole = Period(weeks[0].first, weeks[-1].last)
    counts, cohort = Tally(), figures.main.cohort
    due_on = TruncWeek(F("due_at") - timedelta(microseconds=1), tzinfo=SHANGHAI)  # the end of Sunday is Sunday's
    fell = cohort.found(whole, now).filter(**{f"{cohort.record}__in": seen.values("pk")}).annotate(week=due_on)
    for week, result, many in fell.order_by().values_list("week", "result").annotate(many=Count("pk")):
        counts[week.date()][result] += many
    if figures.received:
        _received(figures, seen, whole, counts)
    return [{"first": w.first.isoformat(), "last": w.last.isoformat(), **counts[w.first]} for w in weeks]


def _received(figures: FigureSet, seen: QuerySet[Any], whole: Period, counts: Tally) -> None:
    came = seen.filter(whole.happened(figures.received))
    came = came.annotate(week=TruncWeek(figures.received, tzinfo=SHANGHAI)).order_by().values("week")
    asked: dict[str, Any] = {"received": Count("pk")}
    if figures.persons:
        asked[persons("received")] = Sum(figures.persons)
    for row in came.annotate(**asked):
        counts[row.pop("week").date()].update(row)
