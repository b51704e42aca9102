"""The dashboard (运行情况): figures of what exists for the user, each opening the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
from massline.texts import with_value
from massline.time import today
from records.figures.periods import Period, finished_weeks, week_of, weeks_until
from records.kinds import RecordType, counted_kinds
from reports import figures_cache
from reports.board import board

PERIODS = {
    "weeks": gettext_lazy("近十二周"),
    "week": gettext_lazy("本周"),
    "last_week": gettext_lazy("上周"),
    "month": gettext_lazy("本月"),
    "last_month": gettext_lazy("上月"),
}


@dataclass(frozen=True)
class Choice:
    """A period, or a kind, that the page can be changed to."""

    url: str
    label: Any
    current: bool


@dataclass(frozen=True)
class Issue:
    """A weekly bulletin that can be made."""

    url: str
    number: int
    first: date
    last: date


def period_of(name: str, day: date) -> Period:
    """Returns a named period as of a day; it ends with its last day, which may lie ahead."""
    if name in ("week", "last_week"):
        return week_of(day - timedelta(weeks=name == "last_week"))
    if name in ("month", "last_month"):
        first = day.replace(day=1)
        first = (first - timedelta(days=1)).replace(day=1) if name == "last_month" else first
        return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    weeks = weeks_until(day)
    return Period(weeks[0].first, weeks[-1].last)


@login_required
@never_cache
@require_safe
def dashboard(request: DeskRequest) -> HttpResponse:
    """Shows the last figures, or says that they are being computed. It never computes."""
    name = request.GET.get("period", "")
    kinds = counted_kinds(request.user)
    kind = chosen_kind(request, kinds)
    wrong = _not_understood(request, kind, kinds)
    name, kind = name if name in PERIODS else "weeks", kind or next(iter(kinds), None)
    period = period_of(name, today())
    context = {
        "not_understood": wrong,
        "understood": _period_url(kind, kinds, name).removeprefix("?"),
        "kinds": [Choice(address(each), each.several or each.title, each is kind) for each in kinds]
        if len(kinds) > 1
        else [],
        "periods": [Choice(_period_url(kind, kinds, key), label, key == name) for key, label in PERIODS.items()],
        "period": period,
        "kind": kind,
    }
    if kind is None:
        return render(request, "desk/dashboard.html", context)
    context["bulletins"] = _bulletins(kind) if kind.bulletin else []
    found = figures_cache.latest(kind.kind, "overview", request.user, period)
    if found is None:
        return waiting(render(request, "desk/dashboard.html", context))
    return render(request, "desk/dashboard.html", context | {"board": board(kind, found, timezone.now())})


def _not_understood(request: DeskRequest, kind: RecordType | None, kinds: Sequence[RecordType]) -> list[str]:
    """What the address asks for in vain; the page says so, and shows the first kind and the last weeks instead."""
    known = {"period": request.GET.get("period", "") in ("", *PERIODS), "kind": kind is not None or not kinds}
    faulty = [name for name in request.GET if not known.get(name, False)]
    labels = {"period": _("统计期"), "kind": _("统计事项")}
    return [with_value(labels[name], request.GET[name]) if name in labels else name[:40] for name in faulty]


def chosen_kind(request: DeskRequest, kinds: Sequence[RecordType]) -> RecordType | None:
    """Returns the kind that an address names, or the first where it names none."""
    name = request.GET.get("kind", "")
    return next((each for each in kinds if name in ("", each.kind)), None)


def address(kind: RecordType) -> str:
    return f"{reverse('dashboard')}?{urlencode({'kind': kind.kind})}"


def _period_url(kind: RecordType | None, kinds: Sequence[RecordType], period: str) -> str:
    named = {"kind": kind.kind} if kind and len(kinds) > 1 else {}
    return f"?{urlencode(named | {'period': period})}"


def _bulletins(kind: RecordType) -> list[Issue]:
    weeks = [(week, week.first.isocalendar()) for week in finished_weeks(today())]
    named = urlencode({"kind": kind.kind})
    return [
        Issue(f"{reverse('bulletin', args=[iso.year, iso.week])}?{named}", iso.week, week.first, week.last)
        for week, iso in weeks
    ]


def waiting(response: HttpResponse) -> HttpResponse:
    """Makes the page ask again by itself, with or without script."""
    response["Refresh"] = "2"
    return response
