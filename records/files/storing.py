"""Accepts and stores a file: judged in a process of its own, scanned, then stored with its row. All of it or
nothing."""

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from massline.acts import Doing
from massline.files.process import QUICK, TakesTooLong, judge
from massline.files.reasons import NotAccepted, Reason
from massline.files.scanner import Verdict, scan
from massline.texts import one_line
from massline.wake import wake
from records.files.models import Attachment, Kind, Scan
from responsibility.recording import acting_organ

FOLDER = "attachments"
CHECK_TASK = "records.files"
"""The name of the task that judges queued files."""
SCAN_PATIENCE = 5.0
"""Seconds for the scanner while the sender waits for the page; after that a worker asks it again."""


@dataclass(frozen=True)
class AcceptedFile:
    """A file that may be stored: sanitized; or raw and queued, when judging takes longer than its sender should
    wait."""

    kind: str
    content: bytes
    scan: str


def accept(content: bytes, until: float | None = None) -> AcceptedFile:
    """Judges and scans a file; raises NotAccepted. From the moment `until` on nothing is judged any more, only
    queued."""
    if not content:
        raise NotAccepted(Reason.EMPTY)
    left = QUICK.wall if until is None else min(QUICK.wall, until - monotonic())
    queued = AcceptedFile(Kind.UNKNOWN, content, Scan.QUEUED)
    if left <= 0:
        return queued
    try:
        judged = judge(content, replace(QUICK, wall=left))
    except TakesTooLong:
        return queued
    seen = scan(judged.content, SCAN_PATIENCE)
    if seen == Verdict.INFECTED:
        raise NotAccepted(Reason.INFECTED)
    return AcceptedFile(judged.kind, judged.content, seen)


def check_room(record: Any, size: int = 1) -> None:
    """Checks that a record has room for one more file; raises ValidationError.

    What was refused takes no room, but cannot be repeated for ever.
    """
    matter, kept = record.matter, ~Q(scan=Scan.REFUSED)
    there = (
        Attachment.objects.about(matter.kind, matter.pk)
        .filter(erased=False)
        .aggregate(
            many=Count("pk", filter=kept), refused=Count("pk", filter=~kept), size=Sum("size", default=0, filter=kept)
        )
    )
    many = settings.ATTACHMENT_MAX_COUNT if there["refused"] >= 2 * settings.ATTACHMENT_MAX_COUNT else there["many"]
    check_limits(many, there["size"] + size)


def check_limits(many: int, size: int) -> None:
    """Checks that there is room for a file beside so many, and for the bytes of all; raises ValidationError."""
    most = settings.ATTACHMENT_MAX_COUNT
    if many >= most:
        raise ValidationError(_("每件最多添加 %(n)s 个文件") % {"n": most})
    if size > settings.ATTACHMENT_MAX_TOTAL:
        total = settings.ATTACHMENT_MAX_TOTAL // 1024 // 1024
        raise ValidationError(_("文件合计不能超过 %(mb)s MB") % {"mb": total})


class StoresFile:
    """Stores the file under a random name, with its row; when the row fails, nothing of it is left."""

    def apply(self, doing: Doing) -> None:
        accepted: AcceptedFile = doing.data["content"]
        matter = doing.record.matter
        stored = store(accepted.content)
        try:
            Attachment.objects.create(
                subject_kind=matter.kind,
                subject_id=matter.pk,
                name=cleaned(doing.data["name"]),
                kind=accepted.kind,
                size=len(accepted.content),
                stored=stored,
                sha256=digest(accepted.content),
                scan=accepted.scan,
                public=doing.data.get("public", False),
                added_by=doing.actor if isinstance(doing.actor, User) else None,
                organ_name=acting_organ(doing),
                added_at=doing.at,
            )
        except BaseException:
            default_storage.delete(stored)
            raise
        if accepted.scan == Scan.QUEUED:
            transaction.on_commit(partial(wake, CHECK_TASK))


def store(content: bytes) -> str:
    """Stores the content and returns its random name."""
    return default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(content))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def cleaned(name: str) -> str:
    """Returns a file's name as it may be shown and sent: no folders, nothing invisible."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in one_line(last) if c not in '"<>:|?*')[:100]
