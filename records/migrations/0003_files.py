"""The files that were added to records."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

KINDS = [
    ("jpeg", "照片"),
    ("png", "图片"),
    ("pdf", "PDF 文件"),
    ("text", "文本文件"),
    ("docx", "Word 文档"),
    ("xlsx", "Excel 表格"),
    ("unknown", "尚未检查"),
]
SCANS = [
    ("queued", "正在检查"),
    ("refused", "没有收下"),
    ("clean", "已查毒"),
    ("none", "未经病毒扫描"),
    ("waiting", "等待病毒扫描"),
    ("infected", "发现病毒，已隔离"),
]


class Migration(migrations.Migration):
    dependencies = [("records", "0002_texts")]
    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100, blank=True)),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("size", models.PositiveIntegerField()),
                ("stored", models.CharField(max_length=64, unique=True)),
                ("sha256", models.CharField(max_length=64, blank=True)),
                ("added_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("public", models.BooleanField(default=False)),
                ("scan", models.CharField(choices=SCANS, max_length=8)),
                ("refusal", models.CharField(max_length=20, blank=True, default="", db_default="")),
                ("added_at", models.DateTimeField()),
                ("erased", models.BooleanField(default=False)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject"),
                    models.Index(fields=["id"], condition=Q(scan__in=["queued", "waiting"]), name="attachment_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=[code for code, _ in KINDS]), name="attachment_kind"),
                    models.CheckConstraint(condition=Q(scan__in=[code for code, _ in SCANS]), name="attachment_scan"),
                    models.CheckConstraint(condition=Q(size__gt=0), name="attachment_size"),
                    models.CheckConstraint(
                        condition=~Q(kind="unknown") | Q(scan__in=["queued", "refused"]),
                        name="attachment_judged_before_served",
                    ),
                    models.CheckConstraint(
                        condition=Q(scan="refused") ^ Q(refusal=""), name="attachment_refused_with_a_reason"
                    ),
                ],
            },
        ),
        Watch("records_attachment", personal=["name", "sha256"], secret=["stored"]),
    ]
