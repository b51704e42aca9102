"""The page that searches one person's records of one kind."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from accounts.separation import refuse_page
from citizens.identity.person_search import PersonSearchForm, of_person
from citizens.public_sides import public_side
from records.columns import Reading, named
from records.kinds import record_type
from records.table import table


def person_search_page(kind: str, shown: tuple[str, ...]) -> Any:
    """Builds the view for one kind, whose results have these columns."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def person_search(request: DeskRequest) -> HttpResponse:
        if not public_side(kind).searched_by(request.user):
            return refuse_page(request, str(_("按身份查找")))
        form, declared = PersonSearchForm(request.POST or None), record_type(kind)
        about = {"form": form, "list_url": reverse(declared.listing.address), "heading": declared.listing.heading}
        if request.method != "POST" or not form.is_valid():
            return render(request, "desk/person.html", about, status=422 if request.method == "POST" else 200)
        found = of_person(kind, request.user, **form.cleaned_data)
        caption = _("按收到时间从新到旧排列")
        reading = Reading(found, timezone.now())
        rows = table(named(declared.columns, *shown), reading, caption=caption) if found else ""
        return render(request, "desk/person.html", about | {"rows": rows, "searched": True})

    return person_search
