"""The table of files; petitions' migration 0026 has made it of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.columns


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0026_files_to_records"),
        ("records", "0002_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject_kind", models.CharField(max_length=32)),
                        ("subject_id", models.BigIntegerField()),
                        ("name", models.CharField(blank=True, max_length=100)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("jpeg", "照片"),
                                    ("png", "图片"),
                                    ("pdf", "PDF 文件"),
                                    ("text", "文本文件"),
                                    ("docx", "Word 文档"),
                                    ("xlsx", "Excel 表格"),
                                    ("unknown", "尚未检查"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("size", models.PositiveIntegerField()),
                        ("stored", models.CharField(max_length=64, unique=True)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("public", models.BooleanField(default=False)),
                        (
                            "scan",
                            models.CharField(
                                choices=[
                                    ("queued", "正在检查"),
                                    ("refused", "没有收下"),
                                    ("clean", "已查毒"),
                                    ("none", "未经病毒扫描"),
                                    ("waiting", "等待病毒扫描"),
                                    ("infected", "发现病毒，已隔离"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("refusal", models.CharField(blank=True, db_default="", default="", max_length=20)),
                        ("added_at", models.DateTimeField()),
                        ("erased", models.BooleanField(default=False)),
                        ("salt", audit.columns.SaltField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject"),
                            models.Index(
                                condition=models.Q(("scan__in", ["queued", "waiting"])),
                                fields=["id"],
                                name="attachment_waiting",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["jpeg", "png", "pdf", "text", "docx", "xlsx", "unknown"])
                                ),
                                name="attachment_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("scan__in", ["queued", "refused", "clean", "none", "waiting", "infected"])
                                ),
                                name="attachment_scan",
                            ),
                            models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_size"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "unknown"), _negated=True),
                                    ("scan__in", ["queued", "refused"]),
                                    _connector="OR",
                                ),
                                name="attachment_judged_before_served",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("scan", "refused"), ("refusal", ""), _connector="XOR"),
                                name="attachment_refused_with_a_reason",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
