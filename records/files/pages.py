"""Pages that add files to a record and send them: addresses for officials, and what citizens' pages share with them."""

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from accounts.models import User
from massline.acts import Act, ActError, Invalid
from massline.methods import post_only
from massline.request_size import max_body
from massline.web import for_programs
from records.files.acts import Attach
from records.files.forms import Upload
from records.files.models import Attachment, Scan
from records.files.panel import RECEIVED
from records.files.upload_limits import max_form_bytes, wait_before_adding
from records.kinds import RecordType
from responsibility.performing import perform_from_form

WAITS = 10.0
"""Seconds after which the rest of a form's files is queued."""


def file_paths(kind: RecordType) -> list[URLPattern]:
    """Returns the addresses below a record where officials add files and read them; all who see the record read
    them."""

    @max_body(max_form_bytes)
    @_says_that_the_session_ended
    @login_required
    @never_cache
    @post_only(kind.kind, "number")
    def add(request: DeskRequest, number: str) -> HttpResponse:
        record = kind.or_404(request.user, number)
        return add_each(request, kind.acts[Attach.slug], record, request.user, reverse(kind.kind, args=[number]))

    @login_required
    @never_cache
    @require_safe
    def read(request: DeskRequest, number: str, pk: int) -> FileResponse:
        matter = kind.or_404(request.user, number).matter
        return served(get_object_or_404(Attachment.objects.about(matter.kind, matter.pk), pk=pk))

    files = f"desk/{kind.plural}/<slug:number>/files/"
    return [
        path(files, add, name=f"{kind.kind}_files"),
        path(f"{files}<attachment:pk>/", read, name=f"{kind.kind}_file"),
    ]


def add_each(request: HttpRequest, act: Act, record: Any, actor: Any, back: str) -> HttpResponse:
    """Adds each file by itself: one that is refused stops no other. All of them together take seconds, not minutes."""
    user = actor if isinstance(actor, User) else None
    uploads = request.FILES.getlist("file")
    if not uploads:
        return _refuse(request, user, _("请先选择文件。"), 422, back)
    faults, until = [], monotonic() + WAITS
    for upload in uploads[: settings.ATTACHMENT_MAX_COUNT]:
        content = Upload(upload, until)
        given = {"name": upload.name, "content": content, "public": request.POST.get("public", "")}
        if wait_before_adding(request, record, user):
            return _refuse(request, user, _("添加得太多了，请过一小时再试。"), 429, back)
        try:
            perform_from_form(act, record, actor, given)
        except Invalid as error:
            faults += [f"{upload.name}：{said}" for texts in error.errors.values() for said in texts]
        except ActError as error:
            return _refuse(request, user, str(error.message), error.status, back)
    if faults:
        return _refuse(request, user, "\n".join(faults), 422, back)
    matter = record.matter
    queued = Attachment.objects.about(matter.kind, matter.pk).filter(scan=Scan.QUEUED).exists()
    messages.success(request, RECEIVED if queued else _("文件已添加。"))
    if for_programs(request):  # the script reloads the page, which shows the message
        return JsonResponse({"next": back}, status=201)
    return redirect(back)


def _says_that_the_session_ended(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers files of an official whose session has ended: a script says so beside the files that were chosen."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            message = _("登录已失效，文件没有添加。请重新登录后再添加一次。")
            if for_programs(request):
                return JsonResponse({"message": message}, status=403)
            messages.info(request, message)
        return view(request, **kwargs)

    return answer


def _refuse(request: HttpRequest, user: User | None, message: str, status: int, back: str) -> HttpResponse:
    if for_programs(request):
        return JsonResponse({"message": message}, status=status)
    template = "desk/message.html" if user else "public/message.html"
    context = {"heading": _("有文件没有添加"), "message": message, "back_url": back + "#attachments"}
    return render(request, template, context, status=status)


def served(one: Attachment) -> FileResponse:
    """Sends a file under a name of ours, in a sandbox where nothing in it can act."""
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
