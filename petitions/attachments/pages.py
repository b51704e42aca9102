"""Adding and reading attachments, for petitioners on their own petition and for whoever may see it."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from massline.acts import Act, ActError, Invalid
from massline.limits import takes
from massline.methods import post_only
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.attachments.panel import RECEIVED, is_theirs
from petitions.desk import PETITIONS
from petitions.models import Demand
from petitions.public import receipt_demand, tracked_demand
from petitions.visibility import Citizen
from records.files.forms import ATTACH, HAND_IN, Upload
from records.files.models import Attachment, Scan
from records.files.rate import wait_before_adding
from responsibility.acting import perform_seen

WAITS = 10.0
"""Seconds after which the rest of a form's files is queued."""


def _most(kwargs: Any) -> int:
    return int(settings.ATTACHMENT_MAX_TOTAL)


@takes(_most)
@login_required
@never_cache
@post_only("petition", "number")
def add(request: DeskRequest, number: str) -> HttpResponse:
    demand = PETITIONS.or_404(request.user, number)
    return _answer(request, OFFICIAL_ACTS[ATTACH], demand, request.user, reverse("petition", args=[number]))


@takes(_most)
@never_cache
@post_only("tracked")
def tracked_add(request: HttpRequest) -> HttpResponse:
    return _added(request, tracked_demand(request), reverse("tracked"))


@takes(_most)
@never_cache
@post_only("receipt")
def receipt_add(request: HttpRequest) -> HttpResponse:
    """Right after filing, while the receipt is open: nothing has to be typed again."""
    return _added(request, receipt_demand(request), reverse("receipt"))


def _added(request: HttpRequest, demand: Demand | None, back: str) -> HttpResponse:
    if demand is None:
        return redirect("track")
    return _answer(request, CITIZEN_ACTS[HAND_IN], demand, Citizen(demand.petition_id), back)


def _answer(request: HttpRequest, act: Act, demand: Demand, actor: Any, back: str) -> HttpResponse:
    """Each file for itself: one that is not taken stops no other. All of them together take seconds, not minutes."""
    uploads = request.FILES.getlist("file")
    if not uploads:
        return _refuse(request, _("请先选择文件。"), 422, back)
    faults, until = [], monotonic() + WAITS
    for upload in uploads[: settings.ATTACHMENT_MAX_COUNT]:
        content = Upload(upload, until)
        given = {"name": upload.name, "content": content, "public": request.POST.get("public", "")}
        if wait_before_adding(request, demand, None if isinstance(actor, Citizen) else actor):
            return _refuse(request, _("添加得太多了，请过一小时再试。"), 429, back)
        try:
            perform_seen(act, demand, actor, given)
        except Invalid as error:
            faults += [f"{upload.name}：{said}" for texts in error.errors.values() for said in texts]
        except ActError as error:
            return _refuse(request, str(error.message), error.status, back)
    if faults:
        return _refuse(request, "\n".join(faults), 422, back)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": back + "#attachments"}, status=201)
    queued = Attachment.objects.about(demand.KIND, demand.pk).filter(scan=Scan.QUEUED).exists()
    messages.success(request, RECEIVED if queued else _("文件已添加。"))
    return redirect(back + "#attachments")


def _refuse(request: HttpRequest, message: str, status: int, back: str) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"message": message}, status=status)
    template = "desk/message.html" if back.startswith("/desk/") else "public/message.html"
    context = {"heading": _("有文件没有添加"), "message": message, "back_url": back + "#attachments"}
    return render(request, template, context, status=status)


@login_required
@never_cache
@require_safe
def read(request: DeskRequest, number: str, pk: int) -> FileResponse:
    demand = PETITIONS.or_404(request.user, number)
    return served(get_object_or_404(Attachment.objects.about(demand.KIND, demand.pk), pk=pk))


@never_cache
@require_safe
def tracked_read(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    demand = tracked_demand(request)
    if demand is None:
        return redirect("track")
    found = get_object_or_404(Attachment.objects.about(demand.KIND, demand.pk), pk=pk)
    if demand.sealed or not is_theirs(found):
        raise Http404
    return served(found)


def served(one: Attachment) -> FileResponse:
    """As a file of our own naming, in a sandbox where nothing in it can act."""
    if not one.is_served or not default_storage.exists(one.stored):
        raise Http404
    response = FileResponse(
        default_storage.open(one.stored),
        as_attachment=one.kind not in Attachment.IN_THE_BROWSER,
        filename=one.filename,
        content_type=Attachment.TYPES[one.kind],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
