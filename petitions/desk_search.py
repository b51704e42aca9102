"""Pages beside the ledger: one person's petitions, and filters kept under a name."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import DeskRequest
from audit import events as audit_events
from audit import log
from massline.acts import Refused
from massline.methods import post_only
from petitions import events, show
from petitions.filters import SaveFilterForm
from petitions.person import PersonForm, may_search, of_person
from petitions.saved import SavedFilter


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: DeskRequest) -> HttpResponse:
    if not may_search(request.user):
        log.refused(audit_events.ACT_REFUSED, facts={"act": "person_search"})
        context = {"heading": Refused.title, "back_url": reverse("desk")}
        return render(request, "desk/message.html", context, status=403)
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/person.html", {"form": form}, status=422 if request.method == "POST" else 200)
    now = timezone.now()
    rows = [show.summary(demand, now) for demand in of_person(request.user, **form.cleaned_data)]
    rows = [row | {"url": reverse("petition", args=[row["number"]])} for row in rows]
    return render(request, "desk/person.html", {"form": form, "rows": rows, "searched": True})


@login_required
@never_cache
@post_only("ledger")
def save_filter(request: DeskRequest) -> HttpResponse:
    form = SaveFilterForm(request.POST, request.user)
    saved = form.save() if form.is_valid() else None
    if saved is None:
        query = QueryDict(request.POST.get("query", "")[:1000]).urlencode()
        for fault in form.errors.values():
            messages.error(request, " ".join(str(one) for one in fault))
        return redirect(f"{reverse('ledger')}?{query}")
    messages.success(request, _("已保存筛选“%(name)s”。") % {"name": saved.name})
    return redirect(f"{reverse('ledger')}?{saved.query}")


@login_required
@never_cache
@post_only("ledger")
def remove_filter(request: DeskRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        saved = get_object_or_404(SavedFilter.objects.select_for_update(), pk=pk, user=request.user)
        log.record(events.FILTER_REMOVED)
        saved.delete()
    messages.success(request, _("已删除筛选“%(name)s”。") % {"name": saved.name})
    return redirect("ledger")
