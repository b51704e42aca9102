"""My work: what the user's posts owe, one line a matter; narrowed to one duty, item after item."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import menu
from accounts.desk import DeskRequest
from accounts.models import Kind, User
from accounts.separation import open_to_administrations
from massline.pages import keyset
from responsibility import duties
from responsibility.desk.described import describe
from responsibility.desk.owed import owed_by
from responsibility.desk.work_list import WorkList
from responsibility.models import Obligation
from responsibility.people import position_of
from responsibility.presentation import goal_of, light_of
from responsibility.rules import editions
from responsibility.subjects import CHOSEN_IN_MY_WORK, BulkPage, Described, adapter, ordered


@open_to_administrations
@login_required
@never_cache
@require_safe
def my_work(request: DeskRequest) -> HttpResponse:
    """Lists what the user's posts owe, and what waits for them to assign, by due date."""
    user = request.user
    if user.kind != Kind.OFFICIAL:  # who holds no post owes nothing: they begin where they have something to see
        return redirect(menu.items_for(user)[0].address)
    listed = WorkList.of(request)
    page = keyset(listed.lines(user), request.GET.get("cursor", ""), request.GET)
    bulk = {kind: adapter(kind).bulk_page(user) for kind in {o.subject_kind for o in page.rows if not o.escalation_id}}
    items = _items(page.rows, user, listed, bulk)
    context = {
        "items": items,
        "bulk": _bulk_forms(items, bulk, request.GET.urlencode()),
        "duties": _duties(user, listed.rule),
        "not_open": not items and _not_open(user),
        "next_url": page.next,
        "previous_url": page.previous,
    }
    return render(request, "desk/my_work.html", context)


def _not_open(user: User) -> bool:
    """Tells whether a user without a post finds nothing because a duty has no organ yet."""
    return not position_of(user).held and bool(duties.missing())


# --- One duty alone ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Duty:
    """A choice of the filter: one thing that is owed."""

    title: str
    address: str
    current: bool


def _duties(user: User, chosen: str) -> list[Duty]:
    """Lists what this person owes now, each once, after all of it; nothing where there is no choice."""
    owed = owed_by(user).order_by().values_list("rule", flat=True).distinct()
    rules = sorted({*owed, chosen} - {""})
    if len(rules) < 2 and not chosen:
        return []
    home = reverse("desk")
    one = [Duty(editions(rule)[0].shown_title, f"{home}?owed={rule}", rule == chosen) for rule in rules]
    return [Duty(_("全部"), home, not chosen), *one]


# --- The lines --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class WorkRow:
    """A matter of which the user owes something, as my work shows it: by what is due first."""

    number: str
    url: str
    title: str
    goals: list[str]
    """What they owe, the first due first."""
    climbed: str
    """What was not done below, where the user answers for that."""
    due: date | datetime | None
    due_legal: date | datetime | None
    provisional: bool
    light: str
    category: str
    state_label: Any
    bulk: str
    """The kind with whose others it can be done at once; empty where it cannot."""


BulkPages = Mapping[str, BulkPage | None]


def _items(rows: Collection[Obligation], user: User, listed: WorkList, bulk: BulkPages) -> list[WorkRow]:
    described = describe(rows, user)
    owed = _by_subject(listed.owed(user).filter(subject_id__in=[o.subject_id for o in rows]).order_by("due_at", "id"))
    words = ordered(
        [o for each in owed.values() for o in each] + [o.escalation.obligation for o in rows if o.escalation]
    )
    now = timezone.now()
    return [
        WorkRow(
            number=o.subject_key,
            url=(reverse("escalation", args=[o.escalation_id]) if o.escalation_id else about.url) + listed.query_at(o),
            title=about.title,
            goals=[goal_of(each, words) for each in owed.get((o.subject_kind, o.subject_id), [o])],
            climbed=goal_of(o.escalation.obligation, words) if o.escalation else "",
            due=o.due_strict,
            due_legal=o.due_legal,
            provisional=o.provisional,
            light=light_of(o, now),
            category=about.category,
            state_label=about.state_label,
            bulk=o.subject_kind if _can_be_chosen(o, about, bulk) else "",
        )
        for o in rows
        if (about := described.get((o.subject_kind, o.subject_id))) is not None
    ]


def _by_subject(owed: Iterable[Obligation]) -> dict[tuple[str, int], list[Obligation]]:
    found: dict[tuple[str, int], list[Obligation]] = defaultdict(list)
    for o in owed:
        found[o.subject_kind, o.subject_id].append(o)
    return found


# --- Many at once -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BulkForm:
    """The form of the boxes before the lines of one kind."""

    kind: str
    address: str
    listed: list[str]
    """The numbers on the page that can be chosen."""


def _can_be_chosen(o: Obligation, about: Described, bulk: BulkPages) -> bool:
    page = bulk.get(o.subject_kind)
    return page is not None and about.state in page.states


def _bulk_forms(items: Iterable[WorkRow], bulk: BulkPages, query: str) -> list[BulkForm]:
    """Returns a form for each kind of which a line can be chosen; `query` is what the page shows, to come back to."""
    back = "&".join(filter(None, (f"{CHOSEN_IN_MY_WORK}=1", query)))
    numbers = {kind: [item.number for item in items if item.bulk == kind] for kind in bulk}
    return [
        BulkForm(kind, f"{page.address}?{back}", numbers[kind]) for kind, page in bulk.items() if page and numbers[kind]
    ]
