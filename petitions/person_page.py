"""The page that finds one person's petitions."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from audit import events, log
from massline.acts import Refused
from petitions.columns import COLUMNS
from petitions.person import PersonForm, may_search, of_person
from records.columns import Reading, named
from records.table import table

SHOWN = named(COLUMNS, "number", "title", "organ", "state", "received")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: DeskRequest) -> HttpResponse:
    if not may_search(request.user):
        log.record_refusal(events.ACT_REFUSED, facts={"act": "person_search"})
        context = {"heading": Refused.title, "back_url": reverse("desk")}
        return render(request, "desk/message.html", context, status=403)
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/person.html", {"form": form}, status=422 if request.method == "POST" else 200)
    found = of_person(request.user, **form.cleaned_data)
    caption = _("按收到时间从新到旧排列的信访事项")
    rows = table(SHOWN, Reading(found, timezone.now()), caption=caption) if found else ""
    return render(request, "desk/person.html", {"form": form, "rows": rows, "searched": True})
