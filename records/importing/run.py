"""Runs an import: a hundred rows a transaction, which also stores how far it is.

A killed worker leaves whole steps behind; the next one goes on after the last of them. A row that came in
before, by this file or another, is known by its number in the old ledger and counted as already there.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import context, log
from massline.acts import NotVisible
from massline.jobs import LostLease
from records import events
from records.importing.importer import Importer
from records.importing.mapping import BadMapping, Mapping, from_data
from records.importing.models import Import, ImportedFrom, ImportReject
from records.importing.rows import Entry, Reader, Rejected
from records.importing.sheets import BadSheet, Line, Sheet, open_sheet
from records.kinds import record_type
from responsibility.obligations import NoResponsiblePost
from responsibility.rules import DeadlineError

logger = logging.getLogger(__name__)
STEP = 100


def work_on(job: Import) -> None:
    """Runs a claimed import to its end."""
    try:
        with context.acting(context.actor_of(job.asked_by) if job.office_id else context.SYSTEM):
            _work_on(job)
    except LostLease:
        logger.info("import %s is in other hands", job.pk)
    else:
        delete_file(job)


def _work_on(job: Import) -> None:
    try:
        mapping = from_data(importer_of(job.kind), job.mapping)
        sheet = open_sheet(path_of(job), mapping)
        reader = reader_of(job, sheet, mapping)
        lines = sheet.lines(after=job.done + 1)
        while step := list(islice(lines, STEP)):
            _take(job, step, reader)
    except (BadSheet, BadMapping, FileNotFoundError) as error:
        fault = _("文件已不在，请重新上传") if isinstance(error, FileNotFoundError) else str(error)
        _end(job, fault)
    else:
        _end(job)


def importer_of(kind: str) -> Importer:
    """Returns the importer of a kind; raises NotVisible where it has none."""
    found = record_type(kind).importer
    if found is None:
        raise NotVisible()
    return found


def reader_of(job: Import, sheet: Sheet, mapping: Mapping | None = None) -> Reader:
    """Builds the reader by the mapping of the import, or by another; raises BadMapping. The server's command has no
    user."""
    mapping = mapping or from_data(importer_of(job.kind), job.mapping)
    return Reader(sheet, mapping, job.asked_by if job.office_id else None)


def path_of(job: Import) -> Path:
    if not job.file:
        raise FileNotFoundError
    return Path(default_storage.path(job.file))


def _end(job: Import, fault: str = "") -> None:
    with transaction.atomic():
        log.record(events.IMPORT_ENDED, subject=log.Subject("import", job.key))
        job.finish(fault)


def delete_file(job: Import) -> None:
    """Deletes the file: what was imported is on record, what was not is with the rejects."""
    if job.file:
        default_storage.delete(job.file)
        with transaction.atomic():
            Import.objects.filter(pk=job.pk).update(file="")


def _take(job: Import, lines: list[Line], reader: Reader) -> None:
    """A step as a whole; when the database refuses it, each row by itself, so that one bad row holds up no other."""
    before = (job.done, job.came_in, job.rejected, job.already_there)
    try:
        _step(job, lines, reader)
    except (DataError, IntegrityError, NoResponsiblePost, DeadlineError):
        logger.warning("import %s: rows %s to %s not taken together", job.pk, lines[0].number, lines[-1].number)
        job.done, job.came_in, job.rejected, job.already_there = before
        for line in lines:
            _take_one(job, line, reader)


def _take_one(job: Import, line: Line, reader: Reader) -> None:
    before = (job.done, job.came_in, job.rejected, job.already_there)
    try:
        _step(job, [line], reader)
    except (DataError, IntegrityError, NoResponsiblePost, DeadlineError):
        logger.warning("import %s: row %s refused", job.pk, line.number, exc_info=True)
        job.done, job.came_in, job.rejected, job.already_there = before
        with transaction.atomic():
            _write(job, line.number, [], [Rejected(line.number, line.cells, (_("数据库不接受这一行"),))], 0)


@transaction.atomic
def _step(job: Import, lines: list[Line], reader: Reader) -> None:
    read = [reader.read(line) for line in lines if not line.blank]
    entries = [row for row in read if isinstance(row, Entry)]
    rejects = [row for row in read if isinstance(row, Rejected)]
    _one_at_a_time(job.source)
    new, known, others = _sort_out(job, entries, {line.number: line.cells for line in lines})
    _write(job, lines[-1].number, new, rejects + others, known)


def _one_at_a_time(source: str) -> None:
    """Makes two imports of one ledger take turns, step by step: each sees what the other has imported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import:' || %s, 0))", [source])


def _sort_out(
    job: Import, entries: Iterable[Entry], cells: dict[int, tuple[str, ...]]
) -> tuple[list[Entry], int, list[Rejected]]:
    """Sorts entries: which are new, how many were imported before, and how many have a known number with other
    texts."""
    entries = list(entries)
    there = ImportedFrom.objects.filter(subject_kind=job.kind, source=job.source)
    there = there.filter(source_key__in=[entry.key for entry in entries])
    seen = {key: bytes(digest) for key, digest in there.values_list("source_key", "digest")}
    new, known, others = [], 0, []
    for entry in entries:
        if entry.key not in seen:
            seen[entry.key] = entry.digest
            new.append(entry)
        elif seen[entry.key] in (entry.digest, b""):  # of an erased one nothing is left to compare, and nothing to tell
            known += 1
        else:
            reason = _("这个编号已经导入过，内容却不同，请直接在那一件里更正")
            others.append(Rejected(entry.number, cells[entry.number], (reason,)))
    return new, known, others


def _write(job: Import, last: int, new: list[Entry], rejects: list[Rejected], known: int) -> None:
    log.record(events.IMPORT_STEP, subject=log.Subject("import", job.key))
    job.step(last - 1, came_in=len(new), rejected=len(rejects), already_there=known)
    if rejects:
        ImportReject.objects.bulk_create(
            ImportReject(job=job, row=row.number, reasons=list(row.reasons), cells=[_storable(c) for c in row.cells])
            for row in rejects
        )
    made, now = importer_of(job.kind).write(new, job) if new else (), timezone.now()
    ImportedFrom.objects.bulk_create(
        ImportedFrom(
            subject_kind=job.kind, subject_id=pk, taken_by=job, source=job.source, source_key=entry.key,
            digest=entry.digest, taken_at=now,
        )
        for entry, pk in zip(new, made, strict=True)
    )  # fmt: skip


def _storable(cell: str) -> str:
    """JSON in the database knows neither NUL nor halves of characters."""
    return cell.replace("\0", "").encode("utf-8", "replace").decode()


# --- what would happen ------------------------------------------------------------------------------------------------


def judged(reader: Reader, lines: Iterable[Line]) -> Iterator[Entry | Rejected]:
    """Yields each row as it would be imported, without writing; rows that were imported before included."""
    return (reader.read(line) for line in lines if not line.blank)


def reasons_of(rejects: Iterable[tuple[str, ...]]) -> Counter[str]:
    """Counts how often each reason was given."""
    return Counter(reason for reasons in rejects for reason in reasons)
