"""The coverage matrix (制度覆盖): which power of which organ has a rule, one that nobody owns, or none at all."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Func, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.menu import reads_records
from accounts.models import User
from institutions.gaps.models import OPEN_GAP, Gap
from institutions.models import Power, Regulation, RegulationKind, RegulationState
from institutions.models.regulation import nobody_answers
from responsibility.models import Organ
from responsibility.people import position_of


@dataclass
class Cell:
    """One power of one organ: its rules in force, those that nobody carries out or supervises today, its open gaps."""

    power: str
    rules: int = 0
    unowned: int = 0
    gaps: int = 0


@dataclass
class Row:
    organ: Organ
    cells: list[Cell] = field(default_factory=list)


def coverage(user: User) -> list[Row]:
    """Returns a row for every organ that this person works in or leads, and for each whose rules they read: three
    statements, however many there are."""
    cells: dict[int, dict[str, Cell]] = defaultdict(lambda: {str(power): Cell(str(power)) for power in Power})
    for organ, power, rules, unowned in _rules(user):
        cells[organ][power].rules, cells[organ][power].unowned = rules, unowned
    open_gaps = Gap.objects.for_user(user).filter(state__in=sorted(OPEN_GAP))
    for organ, power, gaps in open_gaps.values_list("organ", "power").annotate(gaps=Count("pk")).order_by():
        cells[organ][power].gaps = gaps
    where = position_of(user)
    headed = Q(pk__in=where.organs | where.below, posts__is_top=True, valid_until=None)
    organs = Organ.objects.filter(headed | Q(pk__in=list(cells))).distinct().order_by("id")
    return [Row(organ, list(cells[organ.pk].values())) for organ in organs]


def _rules(user: User) -> Any:
    """Queries (organ, power, rules in force, of these without a person in a post that it names)."""
    rules = Regulation.objects.for_user(user).filter(state=RegulationState.IN_FORCE)
    each = rules.exclude(kind=RegulationKind.EXTERNAL).annotate(power=Func(F("powers"), function="unnest"))
    counted = each.values("organ", "power").annotate(rules=Count("pk"), without=Count("pk", filter=nobody_answers()))
    return counted.values_list("organ", "power", "rules", "without").order_by()


@login_required
@never_cache
@require_safe
def matrix(request: DeskRequest) -> HttpResponse:
    if not reads_records(request.user):
        raise Http404
    return render(request, "institutions/matrix.html", {"rows": coverage(request.user), "powers": Power.choices})


MATRIX = path("desk/regulations/matrix/", matrix, name="regulation_matrix")
