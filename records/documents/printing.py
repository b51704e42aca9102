"""Prints one document of a record, for its page and for REST alike."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import override

from accounts.models import User
from audit import log
from massline.acts import NotVisible
from records.documents import events
from records.documents.panel import Printable, documents_of
from records.documents.pdf import as_pdf
from records.kinds import RecordType
from responsibility.recording import subject_of


def printable(kind: RecordType, record: Any, user: User, name: str) -> Printable:
    """Returns the document of this name that the record has for this person; raises NotVisible."""
    found = next((one for one in documents_of(kind, record, user) if one.name == name), None)
    if found is None:
        raise NotVisible
    return found


def printed(kind: RecordType, record: Any, one: Printable) -> FileResponse:
    """Sends the document, with an event on the record's timeline: its content leaves the system. Raises NotVisible and
    NotTypeset."""
    number = one.issue.number
    with override(settings.LANGUAGE_CODE):
        data = one.issue.data()
    pdf = as_pdf(one.document.template, data)
    with transaction.atomic():
        facts = {"document": events.code(kind.kind, one.document.name)} | ({"number": number} if number > 1 else {})
        log.record(events.PRINTED, subject=subject_of(record), facts=facts)
    filename = "-".join([data.title, kind.number_of(record), *([str(number)] if number > 1 else ())])
    return FileResponse(BytesIO(pdf), filename=f"{filename}.pdf", content_type="application/pdf")
