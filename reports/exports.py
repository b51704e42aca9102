"""Makes export files: one moment of the database, a private file, then event, rows and hash in one transaction.

Only that transaction makes the file exist for anybody. A worker that is killed before it leaves a file under a random
name that nothing names; the next attempt, or the expiry, clears it away.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import EmptyResultSet
from django.core.files.storage import default_storage
from django.db import IntegrityError, InterfaceError, OperationalError, connections, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from accounts.models import User
from audit import log
from audit.context import acting, actor_of
from audit.events import EXPORTED
from audit.log import Subject
from massline.crypto import plain_code
from massline.jobs import JobState, LostLease
from massline.wake import wake
from records import erasing
from records.columns import Column
from records.erasing import ErasedWords
from records.kinds import exported_kinds
from reports import events, writers
from reports.export_kinds import ExportScope, FaultyFilter, export_kinds, may_export, personal_fields
from reports.models import Export
from reports.unsealing import Unsealer
from responsibility.people import position_of

logger = logging.getLogger(__name__)
SMALL = 2000
"""Up to so many rows are written while the page waits."""
MAX_WAITING = 5
"""So many may wait for one person."""
TICK = 2.0
"""Seconds between two signs of life."""
FOLDER = "exports"
NUMBER = re.compile(r"[A-Z]{2}\d{9,}")


class NotAllowed(Exception):
    """The user may no longer export this."""


class ErasedMeanwhile(Exception):
    """A person was erased while the file was made: it may still contain them, and is made anew."""


class TooMany(Exception):
    """As many exports as may wait for one person wait already."""


class OtherRequest(Exception):
    """The form was sent before, and asked for another export; that one is `before`."""

    def __init__(self, before: Export) -> None:
        super().__init__(before.key)
        self.before = before


# --- Asking -------------------------------------------------------------------------------------------------------
def ask(
    user: User,
    nonce: Any,
    what: str,
    form: str,
    filter: Mapping[str, str],
    fields: Sequence[str],
    reason: str,
    kind: str = "",
) -> Export:
    """Requests an export, with its event, and makes it at once when it is small; sent twice, it is the same. Raises
    TooMany; OtherRequest when the form was sent before with other content."""
    now = timezone.now()
    job = Export(
        asked_by=user, asked_at=now, nonce=nonce, what=what, form=form, kind=kind, filter=dict(filter),
        fields=list(fields), reason=reason, language=translation.get_language() or "zh-hans", name=uuid4().hex,
    )  # fmt: skip
    before = Export.objects.filter(asked_by=user, nonce=nonce).first()
    if before is not None:
        return _same(before, job)
    found = export_kinds()[what].rows(ExportScope(user, filter, now, kind))
    small = len(found.values_list("pk")[: SMALL + 1]) <= SMALL
    waiting = Export.objects.filter(asked_by=user, state__in=(JobState.WAITING, JobState.RUNNING))
    if waiting[:MAX_WAITING].count() == MAX_WAITING:
        raise TooMany
    if small:  # this request has it in hand
        job.state, job.attempts, job.leased_until = JobState.RUNNING, 1, now + Export.LEASE
    try:
        with transaction.atomic():
            log.record(events.EXPORT_ASKED, facts=facts(job), reason=reason)
            job.save(force_insert=True)
    except IntegrityError:  # the other of two at once
        return _same(Export.objects.get(asked_by=user, nonce=nonce), job)
    if small:
        make(job)
    else:
        wake("reports.exports")
    return job


def _same(before: Export, job: Export) -> Export:
    """Returns the earlier export of a form, if it is what the form asks for now; else raises OtherRequest. One that was
    removed or withdrawn does not know any more what was asked, and has no file."""
    cleared = before.removed_at is not None or before.withdrawn_at is not None
    if not cleared and _content(before) != _content(job):
        raise OtherRequest(before)
    return before


def _content(job: Export) -> tuple[Any, ...]:
    return job.what, job.form, job.kind, job.filter, job.fields, job.reason


def facts(job: Export) -> dict[str, Any]:
    """Returns the facts of an export's events. Words that were searched for may name a person: they stay out."""
    shown = {name: value for name, value in job.filter.items() if name != "q"}
    if words := job.filter.get("q"):
        number = plain_code(words)
        shown["q"] = f"{number[:10]}-{number[10:]}" if NUMBER.fullmatch(number) else "…"
    about = {"kind": job.kind} if job.kind else {}
    return {"what": str(job.what), "form": str(job.form), **about, "filter": shown, "fields": job.fields}


def subject_of(job: Export) -> Subject:
    return Subject("export", job.key)


# --- Making -------------------------------------------------------------------------------------------------------
def make_waiting() -> None:
    """Makes the exports that wait, one after the other, and those that a killed worker left in the middle."""
    while (job := Export.claim(note_failure)) is not None:
        make(job)


def make(job: Export) -> None:
    """Makes one attempt at an export. A fault in the request ends it; when the database goes away, the lease runs out
    instead."""
    with acting(actor_of(job.asked_by)), translation.override(job.language):
        try:
            _make(job)
        except LostLease:
            delete_files(job, job.attempts)
        except ErasedMeanwhile:
            _begin_again(job)
        except (OperationalError, InterfaceError):
            delete_files(job, job.attempts)
            raise
        except NotAllowed:
            _fail(job, _("您的账号现在不能导出这些内容"))
        except FaultyFilter:
            _fail(job, _("筛选条件已经失效，请回到台账重新筛选"))
        except Exception:
            logger.exception("export failed")
            _fail(job, _("导出出错，请重试；再次出错请联系系统管理员"))


def _make(job: Export) -> None:
    user = job.asked_by
    if job.what not in may_export(user) or set(job.fields) - set(personal_fields(user, job.what)):
        raise NotAllowed
    for attempt in range(1, job.attempts):
        delete_files(job, attempt)
    path = path_of(job, job.attempts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    export_kind = export_kinds()[job.what]
    with snapshot() as (reader, as_of):
        with reader.cursor() as cursor:
            erased = erasing.erased_so_far(cursor)
        columns = export_kind.chosen(job.fields, as_of)
        unsealer = Unsealer(columns, export_kind)
        sql = statement(reader, job, columns, as_of)
        source = writers.Source(reader, sql, columns, unsealer if unsealer.is_needed else None)
        rows, digest = writers.write(source, job.form, path, Progress(job))
    _settle(path)
    with transaction.atomic():
        if job.fields and erasing.erased_by_now() != erased:
            raise ErasedMeanwhile
        _release(job, rows, digest, path.stat().st_size, as_of, unsealer)


@contextmanager
def snapshot() -> Iterator[tuple[Any, Any]]:
    """Opens a connection that sees one moment and cannot write, in Shanghai's time; yields it with that moment."""
    own: Any = connections["default"].copy()
    try:
        own.ensure_connection()
        raw = own.connection
        raw.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True, autocommit=False)
        with raw.cursor() as cursor:
            # For the transaction: naming the zone for every value takes a third of the whole export's time.
            cursor.execute("SET LOCAL TIME ZONE 'Asia/Shanghai'; SELECT now()")
            as_of = cursor.fetchone()[0]
        yield raw, as_of
    finally:
        own.close()


def statement(reader: Any, job: Export, columns: list[Column], as_of: Any) -> str:
    """Compiles the rows that this person may see now into one statement; empty when there can be none."""
    return _compiled(reader, export_kinds()[job.what].selected(scope_of(job, as_of), columns))


def scope_of(job: Export, now: datetime) -> ExportScope:
    return ExportScope(job.asked_by, job.filter, now, job.kind)


def _compiled(reader: Any, rows: QuerySet[Any]) -> str:
    """Compiles a query with its values in it, as COPY needs it."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return ""
    with reader.cursor() as cursor:
        return str(cursor.mogrify(sql, values).decode())


class Progress:
    """Stores the progress now and then and renews the lease; raises LostLease. What is quickly done is never
    counted."""

    def __init__(self, job: Export) -> None:
        self.job, self.last = job, time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.last < TICK:
            return
        self.last = time.monotonic()
        if self.job.total is None:
            rows = export_kinds()[self.job.what].rows(scope_of(self.job, timezone.now()))
            self.job.total = max(done, rows.order_by().count())
        with transaction.atomic():
            self.job.change(total=self.job.total)
            self.job.advance(done)


def _settle(path: Path) -> None:
    """Writes the file's name to disk, too, before the database names it."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _release(job: Export, rows: int, digest: str, size: int, as_of: Any, unsealer: Unsealer) -> None:
    """Stores event, rows and hash; from the commit on the file can be downloaded."""
    said = facts(job) | {"rows": rows, "sha256": digest}
    log.record(EXPORTED, subject=subject_of(job), facts=said, reason=job.reason)
    unsealer.record(job.fields)
    job.change(
        rows=rows, total=rows, done=rows, size=size, sha256=digest, as_of=as_of,
        wall=access_fingerprint(job.asked_by, as_of), expires_at=timezone.now() + job.KEPT,
    )  # fmt: skip
    job.finish()


def _begin_again(job: Export) -> None:
    delete_files(job, job.attempts)
    with transaction.atomic():
        job.change(state=JobState.WAITING, leased_until=None)
    wake("reports.exports")


def _fail(job: Export, fault: str) -> None:
    delete_files(job, job.attempts)
    try:
        with transaction.atomic():
            note_failure(job)
            job.finish(fault)
    except LostLease:
        pass


def note_failure(job: Export) -> None:
    log.record(events.EXPORT_FAILED, subject=subject_of(job), facts=facts(job))


# --- Handing out --------------------------------------------------------------------------------------------------
def access_fingerprint(user: User, as_of: Any) -> str:
    """Hashes the records until then that this person may not see; a change means that their access has changed."""
    where: Any = None
    if user.is_active:
        position = position_of(user)
        held = sorted((h.post, h.organ, h.is_top) for h in position.held)
        where = [held, position.plain_offices, sorted(position.below)]
    hidden = (declared.exported.hidden for declared in exported_kinds() if declared.exported)
    view = [user.kind, user.is_active, where, *(sorted(set(of(user, as_of))) for of in hidden if of)]
    return hashlib.sha256(json.dumps(view).encode()).hexdigest()


def may_fetch(job: Export, user: User) -> bool:
    """Tells whether all that the file contains still exists for the user who requested it."""
    still = job.what in may_export(user) and not set(job.fields) - set(personal_fields(user, job.what))
    return still and job.wall == access_fingerprint(user, job.as_of)


def path_of(job: Export, attempt: int) -> Path:
    return Path(default_storage.path(f"{FOLDER}/{job.name}-{attempt}.{job.form}"))


def delete_files(job: Export, attempt: int) -> None:
    """Deletes the files of an attempt."""
    path = path_of(job, attempt)
    path.unlink(missing_ok=True)
    shutil.rmtree(path.with_suffix(".parts"), ignore_errors=True)


def withdraw(words: ErasedWords) -> None:
    """Runs in the transaction that erases a person. Every file with personal fields may hold them; what has none holds
    nothing that is erased. The files go after the commit; if that fails, the next minute's task finds them."""
    finished = Export.objects.filter(state__in=(JobState.DONE, JobState.FAILED))
    held = finished.filter(state=JobState.DONE, removed_at=None, withdrawn_at=None).exclude(fields=[])
    for job in held.select_for_update().order_by("id"):
        log.record(events.EXPORT_WITHDRAWN, subject=subject_of(job), facts={"what": str(job.what)})
        Export.objects.filter(pk=job.pk).update(withdrawn_at=timezone.now(), filter={}, reason="", fields=[])
    for job in finished.filter(filter__has_key="q"):
        if words.are_sought_by(job.filter["q"]):
            Export.objects.filter(pk=job.pk).update(filter={k: v for k, v in job.filter.items() if k != "q"})
    transaction.on_commit(delete_expired, robust=True)


def delete_expired() -> None:
    """Deletes files that have expired or were withdrawn, and those of unfinished attempts."""
    done_with = Q(expires_at__lte=timezone.now()) | Q(withdrawn_at__isnull=False)
    over = Export.objects.filter(done_with, removed_at=None).order_by("id")
    for job in over[:200]:
        for attempt in range(1, job.attempts + 1):
            delete_files(job, attempt)
        with transaction.atomic():
            log.record(events.EXPORT_REMOVED, subject=subject_of(job), facts={"what": str(job.what)})
            Export.objects.filter(pk=job.pk, removed_at=None).update(
                removed_at=timezone.now(), filter={}, reason="", fields=[]
            )
