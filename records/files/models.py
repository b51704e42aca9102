"""Attachments of records of every kind: photographs, scans, documents."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from massline.texts import LineColumn


class Kind(models.TextChoices):
    """The kind of a file by its content, whatever its name says."""

    JPEG = "jpeg", _("照片")
    PNG = "png", _("图片")
    PDF = "pdf", _("PDF 文件")
    TEXT = "text", _("文本文件")
    DOCX = "docx", _("Word 文档")
    XLSX = "xlsx", _("Excel 表格")
    UNKNOWN = "unknown", _("尚未检查")


class Scan(models.TextChoices):
    """How far a file's checks have come. A queued one, raw as it was sent, is never served."""

    QUEUED = "queued", _("正在检查")
    REFUSED = "refused", _("没有收下")
    CLEAN = "clean", _("已查毒")
    NONE = "none", _("未经病毒扫描")
    WAITING = "waiting", _("等待病毒扫描")
    INFECTED = "infected", _("发现病毒，已隔离")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def about(self, kind: str, *pks: int) -> "AttachmentQuerySet":
        """Narrows to the files of these records."""
        return self.filter(subject_kind=kind, subject_id__in=pks)

    def for_citizen(self) -> "AttachmentQuerySet":
        """Narrows to files that the citizen whom a record concerns may have: their own, and those that officials show
        them."""
        return self.filter(Q(added_by=None) | Q(public=True))

    def kept(self) -> "AttachmentQuerySet":
        """Narrows to files that were not erased, the oldest first."""
        return self.filter(erased=False).order_by("pk")


class Attachment(models.Model):
    """One file. It lies in the private storage under a random name; its own name and hash are personal."""

    TYPES: ClassVar[dict[str, str]] = {
        Kind.JPEG: "image/jpeg",
        Kind.PNG: "image/png",
        Kind.PDF: "application/pdf",
        Kind.TEXT: "text/plain; charset=utf-8",
        Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    DONE: ClassVar = frozenset({Scan.CLEAN, Scan.NONE})
    SUFFIXES: ClassVar[dict[str, str]] = {Kind.JPEG: ".jpg", Kind.TEXT: ".txt"}
    IN_THE_BROWSER: ClassVar = frozenset({Kind.JPEG, Kind.PNG, Kind.PDF})

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    name = LineColumn(max_length=100, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    size = models.PositiveIntegerField()
    stored = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """None when a citizen added it."""
    organ_name = LineColumn(max_length=64, blank=True, default="", db_default="")
    """The organ that added it, by its name of that day; empty when a citizen did."""
    public = models.BooleanField(default=False)
    """Whether the citizen whom the record concerns may have what an official added."""
    scan = models.CharField(max_length=8, choices=Scan)
    refusal = models.CharField(max_length=20, blank=True, default="", db_default="")
    """Why nothing of it was kept: a code of massline.files.reasons."""
    added_at = models.DateTimeField()
    erased = models.BooleanField(default=False)
    salt = SaltField()

    objects = AttachmentQuerySet.as_manager()
    audit = Columns(personal=("name", "sha256"), secret=("stored",))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="attachment_kind"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="attachment_scan"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_size"),
            models.CheckConstraint(
                condition=~Q(kind="unknown") | Q(scan__in=["queued", "refused"]), name="attachment_judged_before_served"
            ),
            models.CheckConstraint(
                condition=Q(scan="refused") ^ Q(refusal=""), name="attachment_refused_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject"),
            models.Index(fields=["id"], condition=Q(scan__in=["queued", "waiting"]), name="attachment_waiting"),
        ]

    @property
    def is_served(self) -> bool:
        return not self.erased and self.scan in self.DONE

    @property
    def filename(self) -> str:
        """The file's own name with the ending of its kind."""
        if self.kind == Kind.UNKNOWN:
            return self.name or str(_("文件"))
        suffix = self.SUFFIXES.get(self.kind, f".{self.kind}")
        stem = self.name.rsplit(".", 1)[0] if "." in self.name else self.name
        return (stem or str(self.get_kind_display())) + suffix
