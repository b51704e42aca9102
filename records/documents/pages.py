"""The address below a record where each of its documents is had as PDF."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import DeskRequest
from audit import log
from massline.acts import NotVisible
from records.documents import events
from records.documents.document import Document
from records.documents.panel import documents_of
from records.documents.pdf import NotTypeset, as_pdf
from records.kinds import RecordType
from responsibility.recording import subject_of


def document_paths(kind: RecordType) -> list[URLPattern]:
    """Where documents of a kind are had, by whoever sees the record and may have them."""

    @login_required
    @never_cache
    @require_safe
    def document(request: DeskRequest, number: str, name: str) -> HttpResponseBase:
        record = kind.or_404(request.user, number)
        found = next((one for one in documents_of(kind, record, request.user) if one.name == name), None)
        if found is None:
            raise Http404
        try:
            return _printed(request, kind, record, found)
        except NotVisible:
            raise Http404 from None
        except NotTypeset:
            return _not_made(request, found, reverse(kind.kind, args=[number]))

    return [path(f"desk/{kind.plural}/<slug:number>/documents/<slug:name>/", document, name=f"{kind.kind}_document")]


def _printed(request: DeskRequest, kind: RecordType, record: Any, document: Document) -> FileResponse:
    """Hands it out, with an event on the record's timeline: what it says leaves the system."""
    with override(settings.LANGUAGE_CODE):
        data = document.data(record, request.user)
    pdf = as_pdf(document.template, data)
    with transaction.atomic():
        facts = {"document": events.code(kind.kind, document.name)}
        log.record(events.PRINTED, subject=subject_of(record), facts=facts)
    filename = f"{data.title}-{record.matter.key}.pdf"
    return FileResponse(BytesIO(pdf), filename=filename, content_type="application/pdf")


def _not_made(request: DeskRequest, document: Document, back: str) -> HttpResponse:
    context = {
        "heading": _("“%(document)s”没有生成") % {"document": document.title},
        "message": _("生成文书时出错，问题已经记录下来。请过几分钟再试；仍不成功的，请联系系统管理员。"),
        "back_url": back,
    }
    return render(request, "desk/message.html", context, status=503)
