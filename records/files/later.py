"""What a worker does about files: judges the queued ones, asks the scanner again, and removes what no row knows."""

from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from audit import log
from massline.files.process import PATIENT, Busy, TakesTooLong, judge
from massline.files.reasons import NotAccepted, Reason
from massline.files.scanner import Verdict, scan
from massline.keys import key_of
from massline.wake import wake
from records.files import events
from records.files.keeping import CHECKING, FOLDER, Taken, digest, store
from records.files.models import Attachment, Scan
from records.kinds import number_of

logger = structlog.get_logger(__name__)
LEFT_OVER = timedelta(days=1)
AT_A_TIME = 120
"""Seconds after which the rest is left to the next run: a task has its limit."""


def check_queued() -> None:
    """Judges what took too long while their sender waited, oldest first. Can run beside itself.

    What stays queued is said in the log, with its reason; a file that fails stops no other.
    """
    until = monotonic() + AT_A_TIME
    queued = Attachment.objects.filter(scan=Scan.QUEUED, erased=False).order_by("id")
    for pk in queued.values_list("pk", flat=True)[:1000]:
        if monotonic() > until:
            wake(CHECKING)
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
    """One file. The lock is no row's: an erasure of the record meanwhile does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('attachment:' || %s, 0))", [pk])
        if not cursor.fetchone()[0]:
            return
    one = Attachment.objects.filter(pk=pk, scan=Scan.QUEUED, erased=False).first()
    if one is None:
        return
    try:
        taken = _judged(one)
    except NotAccepted as refused:
        changes = {"scan": Scan.REFUSED, "refusal": refused.reason.value, "sha256": ""}
        _settle(one, events.NOT_TAKEN, {"refusal": refused.reason.value}, changes)
    else:
        _keep(one, taken)


def _judged(one: Attachment) -> Taken:
    """The file as it may be kept; raises NotAccepted, Busy."""
    try:
        with default_storage.open(one.stored) as file:
            judged = judge(file.read(), PATIENT)
    except Busy:
        raise
    except TakesTooLong:
        raise NotAccepted(Reason.HEAVY) from None
    except FileNotFoundError:
        raise NotAccepted(Reason.BROKEN) from None
    seen = scan(judged.content)
    if seen == Verdict.INFECTED:
        raise NotAccepted(Reason.INFECTED)
    return Taken(judged.kind, judged.content, seen)


def _keep(one: Attachment, taken: Taken) -> None:
    """The clean copy takes the place of the raw one, under a name of its own."""
    stored, size = store(taken.content), len(taken.content)
    changes = {"kind": taken.kind, "scan": taken.scan, "size": size, "sha256": digest(taken.content), "stored": stored}
    try:
        kept = _settle(one, events.CHECKED, {"kind": taken.kind, "size": size}, changes)
    except BaseException:
        default_storage.delete(stored)
        raise
    if not kept:
        default_storage.delete(stored)


def _settle(one: Attachment, event: Any, facts: dict[str, Any], changes: dict[str, Any]) -> bool:
    """The answer goes into the row, and the raw file away; False when the row was erased meanwhile."""
    if Attachment.objects.select_for_update().filter(pk=one.pk, erased=False).first() is None:
        return False
    log.record(event, subject=_subject(one), facts=facts)
    Attachment.objects.filter(pk=one.pk).update(**changes)
    transaction.on_commit(partial(default_storage.delete, one.stored))
    return True


def _subject(one: Attachment) -> log.Subject:
    return log.Subject(one.subject_kind, number_of(one.subject_kind, one.subject_id))


def rescan() -> None:
    """What came in while the scanner was away."""
    for one in Attachment.objects.filter(scan=Scan.WAITING, erased=False).order_by("id")[:100]:
        with default_storage.open(one.stored) as file:
            seen = scan(file.read())
        if seen == Verdict.WAITING:
            logger.warning("file_not_scanned", file=key_of("attachment", one.pk), why="the scanner does not answer")
            return
        with transaction.atomic():
            log.record(events.SCANNED, subject=_subject(one), facts={"scan": str(seen)})
            Attachment.objects.filter(pk=one.pk, scan=Scan.WAITING).update(scan=seen)


def sweep_out() -> int:
    """Removes files that no row knows, a day after they were written; never one that has a row."""
    if not default_storage.exists(FOLDER):
        return 0
    removed = 0
    kept = Attachment.objects.filter(erased=False).exclude(scan=Scan.REFUSED)
    known = set(kept.values_list("stored", flat=True))
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in known and default_storage.get_modified_time(path) < timezone.now() - LEFT_OVER:
            default_storage.delete(path)
            removed += 1
    return removed
