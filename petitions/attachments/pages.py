"""Adding and reading attachments, for petitioners on their own petition and for whoever may see it."""

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
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import DeskRequest
from massline.acts import Refused
from massline.web import over_limit
from petitions.acts import WORKING
from petitions.attachments.keeping import keep
from petitions.attachments.kinds import NotAccepted
from petitions.attachments.models import Attachment, Scan
from petitions.models import OPEN, Demand
from petitions.reading import note_reading
from petitions.visibility import Citizen

ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx,.txt"


def shown(demand: Demand, *, citizen: bool) -> list[dict[str, Any]]:
    """The list of a petition's files, oldest first."""
    rows = demand.petition.attachments.filter(erased=False).order_by("id")
    return [_row(one, demand, citizen) for one in rows if not citizen or _is_theirs(one)]


def _row(one: Attachment, demand: Demand, citizen: bool) -> dict[str, Any]:
    number = demand.petition.number
    address = reverse("tracked_attachment", args=[one.pk]) if citizen else reverse("attachment", args=[number, one.pk])
    return {
        "name": one.filename,
        "kind_label": one.get_kind_display(),
        "size": one.size,
        "added_at": one.added_at,
        "by": _("信访人") if one.added_by_id is None else _("承办单位"),
        "url": address if one.is_served else "",
        "scan_label": "" if citizen or one.scan == Scan.CLEAN else one.get_scan_display(),
        "public": one.public,
    }


def panel(demand: Demand, *, citizen: bool, may_add: bool, url: str) -> dict[str, Any]:
    """What templates/components/attachments.html needs."""
    return {
        "rows": shown(demand, citizen=citizen),
        "may_add": may_add,
        "url": url,
        "citizen": citizen,
        "accept": ACCEPT,
        "most": settings.ATTACHMENT_MAX_COUNT,
        "mb": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024,
    }


def _is_theirs(one: Attachment) -> bool:
    return one.public or one.added_by_id is None


@login_required
@never_cache
@require_POST
def add(request: DeskRequest, number: str) -> HttpResponse:
    from petitions.desk import visible

    demand = visible(request, number)
    back = reverse("petition", args=[number])
    if not demand.roles_of(request.user) & WORKING:
        return render(request, "desk/message.html", {"heading": Refused.title, "back_url": back}, status=403)
    public = request.POST.get("public") == "on"
    return _answer(request, demand, request.user, back, public=public)


@never_cache
@require_POST
def tracked_add(request: HttpRequest) -> HttpResponse:
    from petitions.public import tracked_demand

    demand = tracked_demand(request)
    if demand is None:
        return redirect("track")
    back = reverse("tracked")
    if demand.state not in OPEN:
        return _refuse(request, _("这件事已经办结，不能再添加文件。"), 409, back)
    if over_limit("attach", request, settings.FILING_LIMIT):
        return _refuse(request, _("添加得太多了，请过一小时再试。"), 429, back)
    return _answer(request, demand, Citizen(demand.petition_id), back)


def _answer(request: HttpRequest, demand: Demand, actor: Any, back: str, *, public: bool = False) -> HttpResponse:
    """Each file for itself: one that is not taken stops no other."""
    uploads = request.FILES.getlist("file")
    if not uploads:
        return _refuse(request, _("请先选择文件。"), 422, back)
    faults = []
    for upload in uploads[: settings.ATTACHMENT_MAX_COUNT]:
        try:
            keep(demand.petition_id, upload, actor, public=public)
        except NotAccepted as error:
            faults.append(f"{upload.name}：{error.message}")
    if faults:
        return _refuse(request, "\n".join(faults), 422, back)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": back + "#attachments"}, status=201)
    messages.success(request, _("文件已添加。"))
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
    from petitions.desk import visible

    demand = visible(request, number)
    note_reading(demand, request.user)
    return _served(get_object_or_404(Attachment, pk=pk, petition=demand.petition_id))


@never_cache
@require_safe
def tracked_read(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    from petitions.public import tracked_demand

    demand = tracked_demand(request)
    if demand is None:
        return redirect("track")
    found = get_object_or_404(Attachment, pk=pk, petition=demand.petition_id)
    if not _is_theirs(found):
        raise Http404
    return _served(found)


def _served(one: Attachment) -> FileResponse:
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
