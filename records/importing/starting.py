"""Starts an import: stores the file under a random name, and reads it once from end to end before its preview."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from massline.files.reason_texts import text_of
from massline.files.reasons import Reason
from massline.files.scanner import Verdict, scan
from massline.texts import one_line
from records import events
from records.importing.mapping import Mapping
from records.importing.models import PREVIEW, Import
from records.importing.run import path_of
from records.importing.sheets import BadSheet, Sheet, open_sheet


def create_preview(
    kind: str, chunks: Iterable[bytes], filename: str, mapping: Mapping, by: User, office: int | None
) -> tuple[Import, Sheet]:
    """Returns a preview of a file, and the file as a table; raises BadSheet, and then nothing is kept.

    The row comes first, so that a file without a row never lies about.
    """
    with transaction.atomic():
        job = Import(
            kind=kind,
            asked_by=by,
            asked_at=timezone.now(),
            office_id=office,
            filename=one_line(filename)[-200:],
            state=PREVIEW,
        )
        job.file, job.mapping = f"imports/{uuid4().hex}", mapping.as_json()
        job.save(force_insert=True)
        log.record(events.IMPORT_ASKED, subject=log.Subject("import", job.key), facts={"source": mapping.source})
    try:
        _store(job, chunks)
        _scan(path_of(job))
        sheet = open_sheet(path_of(job), mapping)
        job.mapping = replace(mapping, sheet=sheet.title, header_row=sheet.header_row).as_json()
        job.total, job.header = sheet.count() - 1, list(sheet.header)
    except BadSheet:
        discard(job)
        raise
    with transaction.atomic():
        job.save(update_fields=["sha256", "mapping", "total", "header"])
    return job, sheet


def _store(job: Import, chunks: Iterable[bytes]) -> None:
    digest = hashlib.sha256()
    default_storage.save(job.file, ContentFile(b""))
    with default_storage.open(job.file, "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    job.sha256 = digest.hexdigest()


def _scan(path: Path) -> None:
    """Scans a ledger for viruses, like any other file that a user sends; raises BadSheet."""
    with path.open("rb") as file:
        seen = scan(file)
    if seen == Verdict.INFECTED:
        raise BadSheet(text_of(Reason.INFECTED))
    if seen == Verdict.WAITING:
        raise BadSheet(_("病毒扫描程序没有应答，文件没有保存。请稍后再试；一直这样的，请联系系统管理员"))


@transaction.atomic
def discard(job: Import) -> None:
    """Discards a preview with its file. What was confirmed meanwhile stays."""
    log.record(events.IMPORT_FORGOTTEN, subject=log.Subject("import", job.key))
    if Import.objects.select_for_update().filter(pk=job.pk, state=PREVIEW).exists():
        default_storage.delete(job.file)
        Import.objects.filter(pk=job.pk).delete()
