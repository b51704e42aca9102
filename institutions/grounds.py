"""The page that says for every period of massline on which law it rests, and whether that law is still in force."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.menu import reads_records
from institutions.clocks import Clock, clocks_on
from institutions.models import ENDED, Regulation
from massline.time import today


@dataclass(frozen=True)
class Ground:
    """A period, and the law that it rests on as far as the register has it."""

    clock: Clock
    url: str
    """The page of the law; empty where the register does not have it, or this person does not see it."""
    state_label: Any
    lost: bool
    """Whether it applies although the law has ended."""


@login_required
@never_cache
@require_safe
def grounds(request: DeskRequest) -> HttpResponse:
    """Lists them in the order of the rule table."""
    if not reads_records(request.user):
        raise Http404
    clocks = clocks_on(today())
    found = {one.title: one for one in Regulation.objects.for_user(request.user).filter(title__in=clocks)}
    rows = [_ground(clock, found.get(law)) for law, of_law in clocks.items() for clock in of_law]
    return render(request, "institutions/grounds.html", {"rows": rows})


def _ground(clock: Clock, law: Regulation | None) -> Ground:
    if law is None:
        return Ground(clock, "", "", lost=False)
    url = reverse(Regulation.KIND, args=[law.number])
    return Ground(clock, url, law.get_state_display(), clock.applies and law.state in ENDED)


GROUNDS = path("desk/regulations/clocks/", grounds, name="regulation_grounds")
