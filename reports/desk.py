"""Pages of exports: the user's files, the form for a new one, its progress, and its download."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.desk import DeskRequest
from accounts.separation import refuse_page
from accounts.sessions import polled
from audit import events as audit_events
from audit import log
from massline import crypto
from massline.drafts.forms import come_back, with_draft
from massline.pages import keyset
from massline.texts import one_line
from massline.time import local_time
from records.filters import RecordFilter
from records.kinds import exported_kinds, record_type
from reports import events, exports
from reports.export_kinds import DAYS, FaultyFilter, default_kind, export_kinds, may_export
from reports.forms import ExportForm
from reports.models import Export

LINK = "export-file"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
WITHDRAWN = gettext_lazy("因依法清除个人信息，这份导出已失效，请重新导出")


@login_required
@never_cache
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """Lists the user's exports, newest first. Users who may no longer export still see what they exported."""
    mine = Export.objects.filter(asked_by=request.user)
    if not may_export(request.user) and not mine.exists():
        return refuse_page(request, str(_("数据导出")))
    page = keyset(mine, request.GET.get("cursor", ""), request.GET, by="asked_at", newest_first=True)
    context = {"jobs": page.rows, "next_url": page.next, "previous_url": page.previous}
    return render(request, "desk/exports.html", context | {"may": bool(may_export(request.user))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Shows the form for an export and requests it. The filter of the list comes in the address."""
    offered = may_export(request.user)
    if not offered:
        return refuse_page(request, str(_("数据导出")))
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    kind = _kind(given.get("kind", ""), given.get("what", ""))
    narrowed = _narrowed(kind, given)
    kept = {name: value for name, value in _filter(given, narrowed).items() if name not in DAYS}
    found = [export_kind for export_kind in offered.values() if not kept or export_kind.kind in ("", kind)]
    if not found:
        return refuse_page(request, str(_("数据导出")))
    first = next((export_kind for export_kind in found if export_kind.kind == kind), found[0])
    initial = {"nonce": uuid4(), "what": first.name, **{name: given.get(name) for name in DAYS}}

    def build(data: Any) -> ExportForm:
        return ExportForm(request.user, found, data, initial=initial)

    form = build(request.POST) if posted else with_draft(request, request.path, build)
    if posted and form.is_valid():
        try:
            return redirect("export", _asked(request, form, narrowed, kind if kept else "").pk)
        except exports.TooMany:
            form.add_error(None, _("您有 %(n)s 项导出还没有完成，请稍后再试") % {"n": exports.MAX_WAITING})
        except exports.OtherRequest as error:
            _ask_again(form, error.before)
        except FaultyFilter:
            form.add_error(None, _("筛选条件不对，请回到台账重新筛选"))
    hidden = kept | ({"kind": given["kind"]} if given.get("kind") else {})
    context = {"form": form, "kept": hidden, "said": _said(narrowed, kept)}
    context["list_url"] = _list_url(kind)
    if not posted:
        return render(request, "desk/export_new.html", context)
    return come_back(request, form, lambda: render(request, "desk/export_new.html", context, status=422))


def _kind(name: str, what: str) -> str:
    """Returns the kind whose filter it is: the one that the address names, else the one whose list is exported."""
    known = [declared.kind for declared in exported_kinds()]
    listed = export_kinds()[what].kind if what in export_kinds() else ""
    return next((kind for kind in (name, listed) if kind in known), default_kind())


def _narrowed(kind: str, given: Any) -> RecordFilter:
    """Returns the kind's filter, for its words; it queries no row."""
    if not kind:
        return RecordFilter(given, Export.objects.none())
    declared = record_type(kind)
    return declared.listing.filters(given, declared.model._default_manager.none())


def _list_url(kind: str) -> str:
    return reverse(record_type(kind).listing.address) if kind else ""


def _asked(request: DeskRequest, form: ExportForm, narrowed: RecordFilter, kind: str) -> Export:
    """Requests the export of a valid form; raises TooMany and FaultyFilter."""
    if not narrowed.form.is_valid():
        raise FaultyFilter
    given = form.cleaned_data
    fields = given.get("fields_asked") or []
    reason = given.get("reason", "") if fields else ""
    chosen = _filter(request.POST, narrowed)
    return exports.ask(request.user, given["nonce"], given["what"], given["form"], chosen, fields, reason, kind)


def _ask_again(form: ExportForm, before: Export) -> None:
    """Says that the form was sent before with other content, and gives it a fresh nonce."""
    said = _("此前已用这张表导出“%(title)s”，内容与现在填写的不同。如需另导出一份，请再次提交。")
    form.add_error(None, said % {"title": before.title})
    renewed: Any = form.data.copy()  # type: ignore[attr-defined]
    renewed["nonce"] = str(uuid4())
    form.data = renewed


def _filter(given: Any, narrowed: RecordFilter) -> dict[str, str]:
    """Returns the list's filter, as the address has it."""
    said = {name: one_line(given.get(name, "")) for name in (*narrowed.form.fields, *DAYS)}
    return {name: value for name, value in said.items() if value}


def _said(narrowed: RecordFilter, kept: Mapping[str, str]) -> list[tuple[Any, Any]]:
    """Says the filter in words."""
    narrowed.form.is_valid()
    fields = ExportForm.base_fields | narrowed.form.fields
    return [(fields[name].label, narrowed.in_words(name)) for name in kept]


def _mine(request: DeskRequest, pk: int) -> Export:
    """Returns the export, if it is this person's; the same 404 for every other."""
    found = Export.objects.filter(pk=pk, asked_by=request.user).first()
    if found is None:
        raise Http404
    return found


@polled
@login_required
@never_cache
@require_safe
def shown(request: DeskRequest, pk: int) -> HttpResponse:
    """Shows the progress of an export; then its rows, its hash, and the link."""
    job = _mine(request, pk)
    narrowed = _narrowed(_kind(job.kind, job.what), job.filter)
    export_kind = export_kinds().get(job.what)
    context = {
        "job": job,
        "progress_url": request.path,
        "said": _said(narrowed, _filter(job.filter, narrowed)),
        "fields": [column.heading for column in export_kind.declared if column.name in job.fields]
        if export_kind
        else [],
        "file_url": reverse("export_file", args=[job.pk, _token(job)]) if job.is_ready() else "",
        "filename": filename(job),
    }
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return render(request, "desk/export_job.html" if htmx else "desk/export.html", context)


def _token(job: Export) -> str:
    return crypto.seal_token(LINK, [job.pk, job.asked_by_id, job.sha256])


def filename(job: Export) -> str:
    asked = local_time(job.asked_at)
    return f"massline-{job.what}-{asked:%Y%m%d-%H%M}-{job.key[:8]}.{job.form}"


@login_required
@never_cache
@require_safe
def file(request: DeskRequest, pk: int, token: str) -> HttpResponse | FileResponse:
    """Sends the file to the user who requested it, while it is stored and all of it still exists for them."""
    job = _mine(request, pk)
    try:
        meant = crypto.open_token(LINK, token, Export.KEPT.total_seconds())
    except crypto.TooOld:
        return _gone(request, _("下载链接已过期，请重新导出"))
    except crypto.Unreadable:
        raise Http404 from None
    if meant != [job.pk, job.asked_by_id, job.sha256]:
        raise Http404
    if job.withdrawn_at is not None:
        return _gone(request, WITHDRAWN)
    if not job.is_ready():
        return _gone(request, _("下载链接已过期，请重新导出"))
    if not exports.may_fetch(job, request.user):
        log.record_refusal(
            audit_events.PAGE_REFUSED, subject=exports.subject_of(job), facts={"page": str(_("数据导出"))}
        )
        return _gone(request, _("导出以后，您能查看的范围有变化，这个文件不能再下载，请重新导出"), 403)
    try:
        opened = exports.path_of(job, job.attempts).open("rb")
    except FileNotFoundError:
        return _gone(request, _("文件已经不在，请重新导出"))
    with transaction.atomic():
        log.record(events.EXPORT_FETCHED, subject=exports.subject_of(job), facts={"what": str(job.what)})
    return FileResponse(opened, as_attachment=True, filename=filename(job), content_type=TYPES[job.form])


def _gone(request: DeskRequest, message: Any, status: int = 410) -> HttpResponse:
    context = {"heading": message, "back_url": reverse("exports")}
    return render(request, "desk/message.html", context, status=status)
