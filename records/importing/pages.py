"""Pages for taking over an old ledger, of every kind that has an importer: upload, preview, progress, result."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.desk import DeskRequest
from accounts.models import User
from accounts.separation import refuse_page
from accounts.sessions import polled
from audit import events as audit_events
from audit import log
from massline.drafts.forms import come_back, with_draft
from massline.files import scanner
from massline.jobs import JobState
from massline.pages import keyset
from massline.request_size import max_body
from massline.wake import wake
from records import events
from records.importing import preview
from records.importing.mapping import BadMapping, Mapping
from records.importing.models import PREVIEW, Import
from records.importing.rejects import as_csv
from records.importing.run import importer_of
from records.importing.sheets import BadSheet
from records.importing.starting import create_preview, discard
from records.kinds import RecordType


def import_paths(declared: RecordType, at: str) -> list[URLPattern]:
    """Returns the pages of imports of a kind, at this address (`desk/imports/`) and below it."""
    assert declared.importer is not None
    given, name = {"kind": declared.kind}, declared.importer.address
    return [
        path(at, imports, given, name=name),
        path(f"{at}<import:pk>/", imported, given, name=f"{name}_one"),
        path(f"{at}<import:pk>/progress/", progress, given, name=f"{name}_progress"),
        path(f"{at}<import:pk>/rejects/", rejects, given, name=f"{name}_rejects"),
    ]


def address(job: Import, page: str = "one") -> str:
    return reverse(f"{importer_of(job.kind).address}_{page}", args=[job.pk])


def seen_by(user: User, kind: str) -> QuerySet[Import]:
    """What was imported for this person's office. A preview, the counts and what was refused are its asker's alone:
    there may be accusations (检举控告, Art. 30) among them."""
    mine = Q(asked_by=user) | ~Q(state=PREVIEW)
    office = importer_of(kind).office_of(user)
    return Import.objects.filter(mine, kind=kind, office=office).select_related("asked_by")


@max_body(lambda kwargs: settings.IMPORT_MAX_BYTES)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: DeskRequest, kind: str) -> HttpResponse:
    """Upload, and the imports so far, newest first."""
    importer = importer_of(kind)
    office = importer.office_of(request.user)
    if office is None:
        return refuse_page(request, str(_("导入旧台账")))
    if request.method == "POST":
        form = preview.UploadForm(importer, request.POST, request.FILES)
    else:
        form = with_draft(request, request.path, lambda data: preview.UploadForm(importer, data))
    if request.method == "POST" and scanner.is_configured() and form.is_valid():
        job = _kept(request, kind, form, office)
        if job is not None:
            return redirect(address(job))
    seen = seen_by(request.user, kind)
    page = keyset(seen, request.GET.get("cursor", ""), request.GET, by="asked_at", newest_first=True)
    context = {
        "form": form,
        "taken": scanner.is_configured(),
        "rows": [(job, address(job)) for job in page.rows],
        "next_url": page.next,
        "previous_url": page.previous,
    }
    if request.method != "POST":
        return render(request, "records/imports.html", context)
    status = 422 if scanner.is_configured() else 409
    return come_back(request, form, lambda: render(request, "records/imports.html", context, status=status))


def _kept(request: DeskRequest, kind: str, form: preview.UploadForm, office: int) -> Import | None:
    data = form.cleaned_data
    given: Mapping = data["mapping"]
    mapping = replace(given, source=data["source"])
    try:
        job, sheet = create_preview(kind, data["file"].chunks(), data["file"].name, mapping, request.user, office)
        mapping.fields(sheet.header)
    except BadSheet as error:
        form.add_error("file", str(error))
    except BadMapping as error:
        discard(job)
        form.add_error("mapping", str(error))
    else:
        return job
    return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imported(request: DeskRequest, kind: str, pk: int) -> HttpResponse:
    """One import: its preview until it is confirmed, then how far it is, then what came of it."""
    job = _mine(request, kind, pk)
    if job.state == PREVIEW:
        return _preview(request, job)
    if request.method == "POST":
        return redirect(address(job))  # sent twice, confirmed once
    return render(request, "records/import.html", _result(job, request.user))


def _mine(request: DeskRequest, kind: str, pk: int) -> Import:
    if importer_of(kind).office_of(request.user) is None:
        raise Http404
    return get_object_or_404(seen_by(request.user, kind), pk=pk)


def _result(job: Import, user: User) -> dict[str, Any]:
    mine = job.asked_by_id == user.pk
    importer = importer_of(job.kind)
    return {
        "job": job,
        "mine": mine,
        "list_url": reverse(importer.address),
        "progress_url": address(job, "progress"),
        "rejects_url": address(job, "rejects") if job.is_over and mine and job.rejects.exists() else "",
        "taken_url": importer.list_url(job) if importer.list_url and job.came_in else "",
    }


def _preview(request: DeskRequest, job: Import) -> HttpResponse:
    doing = request.POST.get("doing", "")
    try:
        if doing == "discard":
            discard(job)
            return redirect(importer_of(job.kind).address)
        if doing == "place":
            return _place(request, job)
        form = preview.form_for(job, request.POST) if doing else _form_with_draft(request, job)
    except (BadSheet, BadMapping, FileNotFoundError):
        discard(job)
        messages.error(request, _("文件已不在，请重新上传"))
        return redirect(importer_of(job.kind).address)
    if doing and not form.is_valid():
        return come_back(request, form, lambda: _preview_page(request, job, form, form.mapping, 422))
    mapping = form.chosen() if doing else form.mapping
    if doing:
        tried = preview.try_rows(job, form.sheet, mapping)
        start = doing == "start" and "fault" not in tried
        if _settle(job, mapping, start=start) and start:
            return redirect(address(job))
        return _preview_page(request, job, form, mapping, 422 if doing == "start" else 200)
    return _preview_page(request, job, form, mapping, 200)


def _place(request: DeskRequest, job: Import) -> HttpResponse:
    """Looks for the table where the user says that it is."""
    form = preview.form_for(job)
    place = preview.PlaceForm(request.POST, form.sheet)
    if place.is_valid():
        try:
            place.place(job)
            return redirect(address(job))
        except BadSheet as error:
            place.add_error("header_row", str(error))
    return _preview_page(request, job, form, form.mapping, 422, place)


def _form_with_draft(request: DeskRequest, job: Import) -> preview.MappingForm:
    return with_draft(request, request.path, lambda data: preview.form_for(job, data))


@transaction.atomic
def _settle(job: Import, mapping: Mapping, *, start: bool) -> bool:
    """Keeps the mapping, and hands the work over; False when another request was quicker."""
    waiting = Import.objects.select_for_update().filter(pk=job.pk, state=PREVIEW)
    if not waiting.exists():
        return start  # confirmed already: the page shows how far it is
    changes: dict[str, Any] = {"mapping": mapping.as_json()}
    if start:
        log.record(events.IMPORT_CONFIRMED, subject=log.Subject("import", job.key))
        changes["state"] = JobState.WAITING
        transaction.on_commit(partial(wake, "records.imports"))
    waiting.update(**changes)
    return True


def _preview_page(
    request: DeskRequest,
    job: Import,
    form: preview.MappingForm,
    mapping: Mapping,
    status: int,
    place: preview.PlaceForm | None = None,
) -> HttpResponse:
    sheet = form.sheet
    context = {"job": job, "form": form, "sheet": sheet, "place": place or preview.PlaceForm(None, sheet)}
    context |= {"below": (job.total or 0) + 1 - sheet.header_row} | preview.try_rows(job, form.sheet, mapping)
    return render(request, "records/import_preview.html", context, status=status)


@polled
@login_required
@never_cache
@require_safe
def progress(request: DeskRequest, kind: str, pk: int) -> HttpResponse:
    """How far it is, for the page that asks every second; when it is over the page is loaded anew."""
    job = _mine(request, kind, pk)
    response = render(request, "components/progress.html", _result(job, request.user))
    if job.is_over:
        response["HX-Refresh"] = "true"
    return response


@login_required
@never_cache
@require_safe
def rejects(request: DeskRequest, kind: str, pk: int) -> Any:
    """Sends the importer the rows that were not imported; that they were taken out is on record."""
    job = _mine(request, kind, pk)
    rows = list(job.rejects.order_by("row"))
    if job.asked_by_id != request.user.pk or not rows:
        raise Http404
    with transaction.atomic():
        log.record(audit_events.EXPORTED, subject=log.Subject("import", job.key), facts={"what": "rejects"})
    response = StreamingHttpResponse(
        as_csv(job.header, (row.as_row() for row in rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="rejects-{job.key[:8]}.csv"'
    return response
