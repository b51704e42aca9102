"""Taking a file in: checked, made anew, scanned, stored; then its row and its event. Either all of it or nothing."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from petitions import events
from petitions.attachments.kinds import NotAccepted, kind_of
from petitions.attachments.models import Attachment, Scan
from petitions.attachments.pictures import made_anew
from petitions.attachments.scanning import scan
from petitions.models import Petition
from petitions.visibility import Citizen
from petitions.work import actor_for_log

FOLDER = "attachments"
LEFT_OVER = timedelta(days=1)


def keep(petition: int, upload: Any, actor: Any, *, public: bool = False) -> Attachment:
    """Keeps an uploaded file; raises NotAccepted, and then nothing of it is left."""
    if not upload.size:
        raise NotAccepted(_("这个文件是空的"))
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise NotAccepted(_("单个文件不能超过 %(mb)s MB，请压缩或者分开后再添加") % {"mb": limit})
    content = upload.read()
    kind = kind_of(content)
    if kind is None:
        kind, content = made_anew(content)
    seen = scan(content)
    if seen == Scan.INFECTED:
        raise NotAccepted(_("这个文件里发现了病毒，没有保存。请查杀后再添加，或者改用照片"))
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(content))
    try:
        return _write(petition, upload, actor, stored=stored, kind=kind, content=content, scan=seen, public=public)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _write(petition: int, upload: Any, actor: Any, *, content: bytes, **row: Any) -> Attachment:
    found = Petition.objects.select_for_update().get(pk=petition)
    there = found.attachments.filter(erased=False)
    if there.count() >= settings.ATTACHMENT_MAX_COUNT:
        raise NotAccepted(_("每件信访最多添加 %(n)s 个文件") % {"n": settings.ATTACHMENT_MAX_COUNT})
    if (there.aggregate(sum=Sum("size"))["sum"] or 0) + len(content) > settings.ATTACHMENT_MAX_TOTAL:
        total = settings.ATTACHMENT_MAX_TOTAL // 1024 // 1024
        raise NotAccepted(_("每件信访的文件合计不能超过 %(mb)s MB") % {"mb": total})
    now = timezone.now()
    log.record(
        events.ATTACHED,
        subject=log.Subject("petition", found.number),
        actor=actor_for_log(actor),
        facts={"kind": str(row["kind"]), "size": len(content), "at": now.isoformat()},
    )
    return Attachment.objects.create(
        petition=found,
        name=cleaned(upload.name),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=None if isinstance(actor, Citizen) else actor,
        added_at=now,
        **row,
    )


def cleaned(name: str) -> str:
    """The name as it may be shown and sent: no folders, nothing invisible."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable() and c not in '"<>:|?*')[:100]


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
