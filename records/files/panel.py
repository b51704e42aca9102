"""Lists the files of a record for its pages, with the form that adds more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.acts import Act
from massline.files import scanner
from massline.files.reason_texts import text_of
from records.files.acts import ADDING
from records.files.models import Attachment, Scan
from records.kinds import record_type

RECEIVED = gettext_lazy("文件已收到，正在检查；检查完就会显示在这里，不用再添加一次。")
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,.pdf,.docx,.xlsx,.txt"
Address = Callable[[Attachment], str]


@dataclass(frozen=True)
class FileRow:
    """One file."""

    name: str
    size: int
    added_at: datetime
    by: Any
    """The organ that added it, or whose record it is; empty for citizens beside what they added themselves."""
    url: str
    """Empty where it cannot be opened, or is added and not read."""
    scan_label: Any
    note: str
    """Why it cannot be opened yet, or was not kept."""
    seen_by: str
    """Whether the citizen whom the record concerns may open it, in words for officials."""


class TakenFiles:
    """Says which files this site takes, for the form that adds some."""

    accept: ClassVar = ACCEPT

    @property
    def most(self) -> int:
        return int(settings.ATTACHMENT_MAX_COUNT)

    @property
    def mb(self) -> int:
        return int(settings.ATTACHMENT_MAX_BYTES) // 1024 // 1024


@dataclass(frozen=True)
class Panel(TakenFiles):
    """The context of templates/components/attachments.html."""

    rows: list[FileRow]
    reads: bool
    """Whether files are opened here, too; right after filing they are only added."""
    may_add: bool
    taken: bool
    """Whether this site takes files at all."""
    url: str
    citizen: bool
    public_label: Any
    """What an official ticks to show a file to the citizen; empty where the record has no citizen."""


def desk_panel(record: Any, may: Iterable[Act]) -> Panel:
    """Builds the panel for an official who sees the record and may do these acts now."""
    matter = record.matter

    def read(one: Attachment) -> str:
        return reverse(f"{matter.kind}_file", args=[matter.key, one.pk])

    files = Attachment.objects.about(matter.kind, matter.pk).kept()
    return panel(record, files, may, add=reverse(f"{matter.kind}_files", args=[matter.key]), read=read)


def panel(
    record: Any,
    files: Iterable[Attachment],
    may: Iterable[Act],
    *,
    add: str,
    read: Address | None,
    citizen: bool = False,
) -> Panel:
    """Builds a panel of these files, with the addresses where more are sent and one is read; for citizens, too."""
    called = record_type(record.matter.kind).citizen
    adding = next((act for act in may if act.slug in ADDING), None)
    public = adding.form.base_fields.get("public") if adding else None
    return Panel(
        rows=[_row(one, called, read, citizen) for one in files],
        reads=read is not None,
        may_add=adding is not None,
        taken=scanner.is_configured(),
        url=add,
        citizen=citizen,
        public_label=public.label if public else "",
    )


def _row(one: Attachment, called: Any, read: Address | None, citizen: bool) -> FileRow:
    return FileRow(
        name=one.filename,
        size=one.size,
        added_at=one.added_at,
        by=_added_by(one, "" if citizen else called),
        url=read(one) if read and one.is_served else "",
        scan_label="" if citizen and one.scan in (Scan.NONE, Scan.CLEAN) else one.get_scan_display(),
        note=str(RECEIVED) if one.scan == Scan.QUEUED else text_of(one.refusal) if one.scan == Scan.REFUSED else "",
        seen_by="" if citizen or not one.public else _("%(citizen)s可见") % {"citizen": called},
    )


def _added_by(one: Attachment, citizen: Any) -> Any:
    """Returns the organ that added the file, or what its citizen is called here."""
    return citizen if one.added_by_id is None else one.organ_name or _("工作人员")
