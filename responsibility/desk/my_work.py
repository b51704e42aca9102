"""My work: what the user's posts owe, whatever it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import menu
from accounts.desk import DeskRequest
from accounts.models import Kind, User
from accounts.separation import open_to_administrations
from massline.pages import keyset
from responsibility import duties
from responsibility.desk.described import describe
from responsibility.desk.escalations import escalation_ids_told
from responsibility.models import Obligation
from responsibility.people import position_of
from responsibility.presentation import goal_of, light_of
from responsibility.subjects import Described, Ordered, ordered, visible_to, waiting_for


@open_to_administrations
@login_required
@never_cache
@require_safe
def my_work(request: DeskRequest) -> HttpResponse:
    """Lists what the user's posts owe, and what waits for them to assign, by due date."""
    user = request.user
    if user.kind != Kind.OFFICIAL:  # who holds no post owes nothing: they begin where they have something to see
        return redirect(menu.items_for(user)[0].address)
    page = keyset(owed_by(user), request.GET.get("cursor", ""), request.GET)
    described = describe(page.rows, user)
    now = timezone.now()
    words = ordered(page.rows)
    shown = [(o, described.get((o.subject_kind, o.subject_id))) for o in page.rows]
    items = [_work_row(o, about, words, now) for o, about in shown if about is not None]
    context = {"items": items, "not_open": _not_open(user)} | {"next_url": page.next, "previous_url": page.previous}
    return render(request, "desk/my_work.html", context)


def _not_open(user: User) -> bool:
    """Tells whether a user without a post finds nothing because a duty has no organ yet."""
    return not position_of(user).held and bool(duties.missing())


def owed_by(user: User) -> QuerySet[Obligation]:
    """Queries what the user's posts owe, what waits for them to assign, and their answers to escalations.

    An organ with two top leaders has that duty on one post; either may answer, so both are reminded (党政同责).
    """
    posts = position_of(user).posts
    exists = visible_to(user) | visible_to(user, "escalation__obligation__")
    owed = (
        Obligation.objects.open()
        .filter(Q(post__in=posts) | waiting_for(user) | Q(escalation__in=escalation_ids_told(user)))
        .filter(exists)
    )
    return owed.select_related("escalation__obligation", "organ")


@dataclass(frozen=True)
class WorkRow:
    """An obligation as my work shows it."""

    number: str
    url: str
    title: str
    goal: str
    due: date | datetime | None
    due_legal: date | datetime | None
    provisional: bool
    light: str
    category: str
    state_label: Any


def _work_row(o: Obligation, about: Described, words: Mapping[int, Ordered], now: datetime) -> WorkRow:
    return WorkRow(
        number=o.subject_key,
        url=reverse("escalation", args=[o.escalation_id]) if o.escalation_id else about.url,
        title=about.title,
        goal=goal_of(o, words),
        due=o.due_strict,
        due_legal=o.due_legal,
        provisional=o.provisional,
        light=light_of(o, now),
        category=about.category,
        state_label=about.state_label,
    )
