"""Jobs of the worker about files: judges queued ones, asks the scanner again, and removes files without a row."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from audit import log
from massline.files.names import check_name
from massline.files.process import PATIENT, Busy, TakesTooLong, judge
from massline.files.reasons import NotAccepted, Reason
from massline.files.scanner import Verdict, scan
from massline.keys import key_of
from massline.wake import wake
from records.files import events, staged
from records.files.models import Attachment, Scan
from records.files.storing import CHECK_TASK, FOLDER, AcceptedFile, digest, store
from records.kinds import number_of

logger = structlog.get_logger(__name__)
ORPHAN_AGE = timedelta(days=1)
RUN_SECONDS = 120
"""Seconds after which the rest is left to the next run: a task has its time limit."""


def check_queued() -> None:
    """Judges the queued files, which took too long while their sender waited, oldest first. Can run beside itself.

    What stays queued is logged with its reason; a file that fails stops no other.
    """
    until = monotonic() + RUN_SECONDS
    queued = Attachment.objects.filter(scan=Scan.QUEUED, erased=False).order_by("id")
    for pk in queued.values_list("pk", flat=True)[:1000]:
        if monotonic() > until:
            wake(CHECK_TASK)
            return
        try:
            _check(pk)
        except Busy as error:
            logger.warning("file_not_judged", file=key_of("attachment", pk), why=str(error))
            return
        except Exception:
            logger.exception("file_not_judged", file=key_of("attachment", pk))


@transaction.atomic
def _check(pk: int) -> None:
    """Judges one file. The lock is no row's: an erasure of the record meanwhile does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('attachment:' || %s, 0))", [pk])
        if not cursor.fetchone()[0]:
            return
    one = Attachment.objects.filter(pk=pk, scan=Scan.QUEUED, erased=False).first()
    if one is None:
        return
    try:
        accepted = _judged(one)
    except NotAccepted as refused:
        changes = {"scan": Scan.REFUSED, "refusal": refused.reason.value, "sha256": ""}
        _settle(one, events.NOT_TAKEN, {"refusal": refused.reason.value}, changes)
    else:
        _replace(one, accepted)


def _judged(one: Attachment) -> AcceptedFile:
    """Returns the sanitized and scanned file; raises NotAccepted, Busy."""
    try:
        with default_storage.open(one.stored) as file:
            judged = judge(file.read(), PATIENT)
        check_name(one.name, judged.kind)
    except Busy:
        raise
    except TakesTooLong:
        raise NotAccepted(Reason.HEAVY) from None
    except FileNotFoundError:
        raise NotAccepted(Reason.BROKEN) from None
    seen = scan(judged.content)
    if seen == Verdict.INFECTED:
        raise NotAccepted(Reason.INFECTED)
    return AcceptedFile(judged.kind, judged.content, seen)


def _replace(one: Attachment, accepted: AcceptedFile) -> None:
    """Stores the sanitized file in place of the raw one, under a name of its own."""
    stored, size = store(accepted.content), len(accepted.content)
    changes = {
        "kind": accepted.kind,
        "scan": accepted.scan,
        "size": size,
        "sha256": digest(accepted.content),
        "stored": stored,
    }
    try:
        kept = _settle(one, events.CHECKED, {"kind": accepted.kind, "size": size}, changes)
    except BaseException:
        default_storage.delete(stored)
        raise
    if not kept:
        default_storage.delete(stored)


def _settle(one: Attachment, event: Any, facts: dict[str, Any], changes: dict[str, Any]) -> bool:
    """Writes the answer to the row and removes the raw file; False when the row was erased meanwhile."""
    if Attachment.objects.select_for_update().filter(pk=one.pk, erased=False).first() is None:
        return False
    log.record(event, subject=_subject(one), facts=facts)
    Attachment.objects.filter(pk=one.pk).update(**changes)
    transaction.on_commit(partial(default_storage.delete, one.stored))
    return True


def _subject(one: Attachment) -> log.Subject:
    return log.Subject(one.subject_kind, number_of(one.subject_kind, one.subject_id))


def rescan() -> None:
    """Scans what came in while the scanner was away."""
    for one in Attachment.objects.filter(scan=Scan.WAITING, erased=False).order_by("id")[:100]:
        with default_storage.open(one.stored) as file:
            seen = scan(file.read())
        if seen == Verdict.WAITING:
            logger.warning("file_not_scanned", file=key_of("attachment", one.pk), why="the scanner does not answer")
            return
        with transaction.atomic():
            log.record(events.SCANNED, subject=_subject(one), facts={"scan": str(seen)})
            Attachment.objects.filter(pk=one.pk, scan=Scan.WAITING).update(scan=seen)


def remove_orphans() -> int:
    """Removes files without a row, and those whose record was never filed, a day after they were written."""
    kept = Attachment.objects.filter(erased=False).exclude(scan=Scan.REFUSED)
    known = set(kept.values_list("stored", flat=True))
    removed = 0
    for path in _stored(FOLDER, staged.FOLDER):
        if path not in known and default_storage.get_modified_time(path) < timezone.now() - ORPHAN_AGE:
            default_storage.delete(path)
            removed += 1
    return removed


def _stored(*folders: str) -> Iterator[str]:
    for folder in filter(default_storage.exists, folders):
        yield from (f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
