"""The files of a petition as its pages show them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from massline.acts import Act
from massline.files import scanner
from massline.files.words import sentence
from petitions.models import Demand
from records.files.forms import ADDING
from records.files.models import Attachment, Scan

RECEIVED = gettext_lazy("文件已收到，正在检查；检查完就会显示在这里，不用再添加一次。")
ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx,.txt"


def shown(demand: Demand, *, citizen: bool) -> list[dict[str, Any]]:
    """The list of a petition's files, oldest first."""
    if citizen and demand.sealed:
        return []
    rows = Attachment.objects.about(demand.KIND, demand.pk).filter(erased=False).order_by("id")
    return [_row(one, demand, citizen) for one in rows if not citizen or is_theirs(one)]


def _row(one: Attachment, demand: Demand, citizen: bool) -> dict[str, Any]:
    number = demand.petition.number
    address = reverse("tracked_attachment", args=[one.pk]) if citizen else reverse("attachment", args=[number, one.pk])
    return {
        "name": one.filename,
        "kind_label": one.get_kind_display(),
        "size": one.size,
        "added_at": one.added_at,
        "by": _("信访人") if one.added_by_id is None else pgettext("谁", "承办单位"),
        "url": address if one.is_served else "",
        "scan_label": one.get_scan_display(),
        "note": RECEIVED if one.scan == Scan.QUEUED else sentence(one.refusal) if one.scan == Scan.REFUSED else "",
        "public": one.public,
    }


def panel(demand: Demand, *, citizen: bool, open_acts: Iterable[Act], url: str, links: bool = True) -> dict[str, Any]:
    """What templates/components/attachments.html needs; without links where files are added and not read."""
    rows = shown(demand, citizen=citizen)
    return {
        "rows": rows if links else [row | {"url": ""} for row in rows],
        "first": not links,
        "may_add": any(act.slug in ADDING for act in open_acts),
        "taken": scanner.chosen(),
        "url": url,
        "citizen": citizen,
        "accept": ACCEPT,
        "most": settings.ATTACHMENT_MAX_COUNT,
        "mb": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024,
    }


def is_theirs(one: Attachment) -> bool:
    return one.public or one.added_by_id is None
