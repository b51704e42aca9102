"""The list pages of a kind, and their addresses. `listing.py` is what a kind declares of its list."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import User
from massline.pages import Page, keyset
from records import search
from records.bulk import open_to
from records.columns import Reading, named
from records.filters import RecordFilter
from records.kinds import RecordType
from records.list_links import links_above
from records.saved_filters import remove_filter_view, save_filter_view
from records.search import TooBroad
from records.table import Picks, hidden_inputs, table

FOUND = gettext_lazy("查到的事项，按收到时间从新到旧排列")
BY_RECEIPT = gettext_lazy("按收到时间排列")
MAX_COUNTED = 1000
"""The records up to which a list says how many they are."""


def narrowed(
    kind: RecordType,
    user: User,
    query: Mapping[str, Any],
    filters: type[RecordFilter] | None = None,
    joined: tuple[str, ...] = (),
) -> RecordFilter:
    """Narrows the records of a kind that exist for a person as an address says; by other filters than its page has, and
    joined to more, where these are given."""
    visible = kind.model.objects.for_user(user)  # type: ignore[attr-defined]
    return (filters or kind.listing.filters)(query, visible.select_related(*kind.listing.joined, *joined), user)


def page_of(kind: RecordType, chosen: RecordFilter, query: Mapping[str, Any]) -> Page:
    """Reads a page in the order of the list, or of a search's newest hits first; raises BadCursor and TooBroad."""
    listing, rows = kind.listing, chosen.qs
    if chosen.search and chosen.query:
        return chosen.search.page(chosen.narrowed, chosen.query, query)
    by, newest_first = chosen.order or (listing.order, listing.newest_first)
    return keyset(rows, query.get("cursor", ""), query, by=by, newest_first=newest_first)


def total_of(chosen: RecordFilter, page: Page) -> str:
    """Says how many there are in all, as far as that is cheap; nothing of a search that found more than a page."""
    if not page.next and not page.previous:
        many = len(page.rows)
    elif chosen.query:
        return ""
    else:
        many = chosen.qs.order_by().values("pk")[: MAX_COUNTED + 1].count()
    if many > MAX_COUNTED:
        return _("%(most)s 件以上") % {"most": MAX_COUNTED}
    return ngettext("共 %(many)s 件", "共 %(many)s 件", many) % {"many": many}


def list_page(kind: RecordType, request: DeskRequest) -> HttpResponse:
    """Renders the list as far as it exists for this person; for a filter set on its page, only what that changes."""
    listing, chosen = kind.listing, narrowed(kind, request.user, request.GET)
    try:
        page, too_broad = page_of(kind, chosen, request.GET), False
    except TooBroad:
        page, too_broad = Page([], None, None, False), True
    picks = Picks("bulk", kind.number_of) if open_to(kind, request.user) else None
    context = {
        "listing": listing,
        "list_url": reverse(listing.address),
        "links_above": links_above(kind, request),
        "chosen": chosen,
        "page": page,
        "total": total_of(chosen, page) if page.rows else "",
        "rows": _table(kind, page, chosen, picks) if page.rows else "",
        "too_broad": too_broad,
        "max_results": search.MAX_RESULTS,
        "ended_at_max": bool(chosen.query) and page.more and not page.next,
        "elsewhere": listing.elsewhere(request) if chosen.query else "",
    }
    if picks:
        way_back = f"?{request.GET.urlencode()}" if request.GET else ""  # leads back to this list
        context["bulk_url"] = reverse(f"{kind.kind}_bulk") + way_back
        context["listed"] = hidden_inputs("listed", map(kind.number_of, page.rows))
    if request.htmx:
        return render(request, "records/results.html", context)
    context["saved_filters"] = request.user.saved_filters.filter(kind=kind.kind) if chosen.filters else ()
    return render(request, listing.template, context | {**listing.more(request)})


def _table(kind: RecordType, page: Page, chosen: RecordFilter, picks: Picks | None) -> str:
    listing = kind.listing
    reading = Reading(page.rows, timezone.now(), chosen.query)
    columns = named(kind.columns, *listing.shown)
    caption = FOUND if chosen.query else BY_RECEIPT if chosen.order else listing.caption
    return table(columns, reading, caption=caption, picks=picks, row_css=listing.row_css)


def list_paths(kind: RecordType, base: str) -> list[URLPattern]:
    """Returns the addresses of the list and of its saved filters."""

    @login_required
    @never_cache
    @require_safe
    def listed(request: DeskRequest) -> HttpResponse:
        return list_page(kind, request)

    listing, saved = kind.listing, f"{base}saved/"
    if not listing.filters.base_filters:
        return [path(base, listed, name=listing.address)]
    return [
        path(base, listed, name=listing.address),
        path(saved, save_filter_view(kind), name=listing.save_filter),
        path(f"{saved}<filter:pk>/remove/", remove_filter_view(kind), name=listing.remove_filter),
    ]
