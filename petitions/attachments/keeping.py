"""Taking a file in: checked, made anew, scanned, then stored with its row. Either all of it or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from massline.acts import Doing
from massline.texts import one_line
from petitions import events
from petitions.attachments.kinds import NotAccepted, kind_of
from petitions.attachments.models import Attachment, Scan
from petitions.attachments.pictures import made_anew
from petitions.attachments.scanning import scan
from petitions.models import Petition
from petitions.visibility import Citizen

FOLDER = "attachments"
LEFT_OVER = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """A file that may be kept: its kind by what is in it, pictures made anew."""

    kind: str
    content: bytes
    scan: str


def take(content: bytes) -> Taken:
    """Raises NotAccepted, which says what to do instead."""
    if not content:
        raise NotAccepted(_("这个文件是空的"))
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise NotAccepted(_("单个文件不能超过 %(mb)s MB，请压缩或者分开后再添加") % {"mb": limit})
    kind = kind_of(content)
    if kind is None:
        kind, content = made_anew(content)
    seen = scan(content)
    if seen == Scan.INFECTED:
        raise NotAccepted(_("这个文件里发现了病毒，没有保存。请查杀后再添加，或者改用照片"))
    return Taken(kind, content, seen)


def check_room(petition: Petition, more: Taken) -> None:
    """Whether the petition has room for one more file; raises NotAccepted."""
    there = petition.attachments.filter(erased=False).aggregate(many=Count("pk"), size=Sum("size", default=0))
    if there["many"] >= settings.ATTACHMENT_MAX_COUNT:
        raise NotAccepted(_("每件信访最多添加 %(n)s 个文件") % {"n": settings.ATTACHMENT_MAX_COUNT})
    if there["size"] + len(more.content) > settings.ATTACHMENT_MAX_TOTAL:
        total = settings.ATTACHMENT_MAX_TOTAL // 1024 // 1024
        raise NotAccepted(_("每件信访的文件合计不能超过 %(mb)s MB") % {"mb": total})


class Keeps:
    """Stores the file under a random name, with its row; when the row fails, nothing of it is left."""

    def apply(self, doing: Doing) -> None:
        taken: Taken = doing.data["content"]
        stored = default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(taken.content))
        try:
            Attachment.objects.create(
                petition=doing.record.petition,
                name=cleaned(doing.data["name"]),
                kind=taken.kind,
                size=len(taken.content),
                stored=stored,
                sha256=hashlib.sha256(taken.content).hexdigest(),
                scan=taken.scan,
                public=doing.data.get("public", False),
                added_by=None if isinstance(doing.actor, Citizen) else doing.actor,
                added_at=doing.at,
            )
        except BaseException:
            default_storage.delete(stored)
            raise


def cleaned(name: str) -> str:
    """The name as it may be shown and sent: no folders, nothing invisible."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in one_line(last) if c not in '"<>:|?*')[:100]


def rescan() -> None:
    """What came in while the scanner was away."""
    for one in Attachment.objects.filter(scan=Scan.WAITING, erased=False).order_by("id")[:100]:
        with default_storage.open(one.stored) as file:
            seen = scan(file.read())
        if seen == Scan.WAITING:
            return
        with transaction.atomic():
            log.record(events.SCANNED, subject=log.Subject("petition", one.petition.number), facts={"scan": str(seen)})
            Attachment.objects.filter(pk=one.pk, scan=Scan.WAITING).update(scan=seen)


def sweep_out() -> int:
    """Removes files that no row knows, a day after they were written; never one that has a row."""
    if not default_storage.exists(FOLDER):
        return 0
    removed = 0
    known = set(Attachment.objects.filter(erased=False).values_list("stored", flat=True))
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in known and default_storage.get_modified_time(path) < timezone.now() - LEFT_OVER:
            default_storage.delete(path)
            removed += 1
    return removed
