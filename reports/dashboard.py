"""The dashboard (运行情况): figures of what exists for whoever looks, each opening the list behind it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from massline.time import today
from petitions import figures
from petitions.figures import Cohort, Period, Result, Share
from reports import snapshots
from responsibility import content_classes

PERIODS = {
    "weeks": gettext_lazy("近十二周"),
    "week": gettext_lazy("本周"),
    "last_week": gettext_lazy("上周"),
    "month": gettext_lazy("本月"),
    "last_month": gettext_lazy("上月"),
}
TIMELY = (Cohort.ROUTED, Cohort.ACCEPTED, Cohort.ANSWERED)
OPINIONS = (
    (gettext_lazy("信访部门"), Cohort.RATED_OFFICE, Cohort.ASKED_OFFICE),
    (gettext_lazy("责任单位"), Cohort.RATED_ORGAN, Cohort.ASKED_ORGAN),
)


def period_of(name: str, day: date) -> Period:
    """A named period as of a day; it ends with its last day, which may lie ahead."""
    if name in ("week", "last_week"):
        return figures.week_of(day - timedelta(weeks=name == "last_week"))
    if name in ("month", "last_month"):
        first = day.replace(day=1)
        first = (first - timedelta(days=1)).replace(day=1) if name == "last_month" else first
        return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    weeks = figures.weeks_until(day)
    return Period(weeks[0].first, weeks[-1].last)


@login_required
@never_cache
@require_safe
def dashboard(request: DeskRequest) -> HttpResponse:
    """Never reckons: shows the last figures, or says that they are on their way."""
    name = request.GET.get("period", "")
    name = name if name in PERIODS else "weeks"
    period = period_of(name, today())
    found = snapshots.latest("overview", request.user, period)
    choices = [{"url": f"?period={key}", "label": label, "current": key == name} for key, label in PERIODS.items()]
    context = {"periods": choices, "period": period, "bulletins": _bulletins()}
    if found is None:
        return waiting(render(request, "desk/dashboard.html", context))
    return render(request, "desk/dashboard.html", context | shown(found, timezone.now()))


def _bulletins() -> list[dict[str, Any]]:
    weeks = [(week, week.first.isocalendar()) for week in figures.finished_weeks(today())]
    return [
        {
            "url": reverse("bulletin", args=[iso.year, iso.week]),
            "number": iso.week,
            "first": week.first,
            "last": week.last,
        }
        for week, iso in weeks
    ]


def waiting(response: HttpResponse) -> HttpResponse:
    """The page asks again by itself, with or without script."""
    response["Refresh"] = "2"
    return response


def shown(found: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The figures with the address of the list behind each."""
    period = {"cohort_from": found["first"], "cohort_to": found["last"]}
    due = {"due_from": found["due_first"], "due_to": found["due_last"]}
    as_of = datetime.fromisoformat(found["as_of"])
    return {
        "as_of": as_of,
        "old": as_of < now - snapshots.FRESH,
        "big": _big(found, period, due),
        "rates": [_rate(cohort, found["rates"][cohort], period) for cohort in TIMELY],
        "opinions": [_opinion(*row, found["rates"], period) for row in OPINIONS],
        "organs": [_row(row, row["name"], {"organ": row["code"]}, "owed_by", period, due) for row in found["organs"]],
        "classes": [
            _row(row, content_classes.name(row["code"]), {"category": row["code"]}, "category", period, due)
            for row in found["classes"]
        ],
        "trend": _trend(found["trend"]),
    }


def ledger(**query: Any) -> str:
    return f"{reverse('ledger')}?{urlencode(query)}"


def _number(value: int, **query: Any) -> dict[str, Any]:
    return {"value": value, "url": ledger(**query)}


def _both(counts: Mapping[str, Any], name: str, **query: Any) -> dict[str, Any]:
    """件次 with the list behind it, and 人次."""
    return _number(counts.get(name, 0), **query) | {"persons": counts.get(figures.persons(name), 0)}


def _share(share: Share, part: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    return {
        "percent": share.percent,
        "enough": share.enough,
        "part": _number(share.part, **part),
        "whole": _number(share.whole, **whole),
    }


def _big(found: Mapping[str, Any], period: dict[str, str], due: dict[str, str]) -> list[dict[str, Any]]:
    totals = found["totals"]
    return [
        {"label": _("未办结"), **_both(totals, "open", open="true")},
        {"label": _("本周内到期"), **_both(totals, "due", open="true", **due), "tone": "yellow"},
        {
            "label": _("已超期"),
            **_both(totals, "overdue", open="true", overdue="true"),
            "tone": "red" if totals["overdue"] else "",
        },
        {"label": Cohort.ANSWERED.label, "share": _on_time(Cohort.ANSWERED, found["rates"]["answered"], period)},
    ]


def _on_time(cohort: Cohort, counts: Mapping[str, int], period: dict[str, str], **more: str) -> dict[str, Any]:
    whole = {"cohort": cohort.value, **period, **more}
    return _share(figures.on_time(counts), whole | {"result": Result.ON_TIME.value}, whole)


def _rate(cohort: Cohort, counts: Mapping[str, int], period: dict[str, str]) -> dict[str, Any]:
    query = {"cohort": cohort.value, **period}
    rest = (Result.LATE, Result.OVERDUE, Result.PENDING)
    return {
        "label": cohort.label,
        "share": _on_time(cohort, counts, period),
        "rest": [
            {"label": r.label, **_number(counts.get(r, 0), **query, result=r.value)} for r in rest
        ],
    }  # fmt: skip


def _opinion(
    label: Any, rated: Cohort, asked: Cohort, rates: Mapping[str, Any], period: dict[str, str]
) -> dict[str, Any]:
    """满意率 with 参评率 next to it (DOMAIN 3.3), and the three counts."""
    counts, query = rates[rated], {"cohort": rated.value, **period}
    taken, answered = figures.took_part(rates[asked]), {"cohort": asked.value, **period}
    levels = (Result.SATISFIED, Result.BASICALLY, Result.DISSATISFIED)
    return {
        "label": label,
        "satisfied": figures.satisfied(counts),
        "levels": [{"label": r.label, **_number(counts.get(r, 0), **query, result=r.value)} for r in levels],
        "all": _number(figures.satisfied(counts).whole, **query),
        "took_part": _share(taken, answered | {"result": Result.RATED.value}, answered),
    }


def _row(
    row: Mapping[str, Any], name: str, whose: dict[str, str], owed: str, period: dict[str, str], due: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": name,
        "open": _both(row, "open", open="true", **whose),
        "due": _both(row, "due", open="true", **due, **whose),
        "overdue": _both(row, "overdue", open="true", overdue="true", **whose),
        "share": _on_time(Cohort.ANSWERED, row["answered"], period, **{owed: row["code"]}),
    }


BAR, GAP, TALL, LEFT = 30, 14, 150, 34
"""The trend's measures in the units of its own drawing."""


def _trend(weeks: list[dict[str, Any]]) -> dict[str, Any]:
    """Bars of what fell due each week, from the ground up: on time, late, not answered; and the table beside it."""
    most = max([figures.on_time(week).whole for week in weeks] + [1])
    most += -most % 4  # so that the lines of the grid stand at whole numbers
    drawn = [_bar(n, week, most) for n, week in enumerate(weeks)]
    grid = [{"y": TALL - round(TALL * part / 4), "value": round(most * part / 4)} for part in (0, 2, 4)]
    return {"weeks": drawn, "grid": grid, "width": LEFT + len(weeks) * (BAR + GAP), "height": TALL + 44, "ground": TALL}


def _bar(n: int, week: dict[str, Any], most: int) -> dict[str, Any]:
    period = {"cohort_from": week["first"], "cohort_to": week["last"]}
    query = {"cohort": Cohort.ANSWERED.value, **period}
    x, ground, parts = LEFT + n * (BAR + GAP) + GAP // 2, 0.0, []
    for result in figures.DUE:
        height = TALL * week.get(result, 0) / most
        ground += height
        if height:
            parts.append({"css": result.value, "y": round(TALL - ground, 1), "height": round(height, 1)})
    days = {"received_from": week["first"], "received_to": week["last"]}
    return {
        "x": x,
        "middle": x + BAR // 2,
        "width": BAR,
        "parts": parts,
        "first": date.fromisoformat(week["first"]),
        "last": date.fromisoformat(week["last"]),
        "received": _both(week, "received", **days),
        "share": _on_time(Cohort.ANSWERED, week, period),
        "late": _number(week.get(Result.LATE, 0), **query, result=Result.LATE.value),
        "overdue": _number(week.get(Result.OVERDUE, 0), **query, result=Result.OVERDUE.value),
        "pending": _number(week.get(Result.PENDING, 0), **query, result=Result.PENDING.value),
    }
