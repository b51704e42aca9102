"""Exports that officials asked for."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [("waiting", "等待处理"), ("running", "正在处理"), ("done", "已完成"), ("failed", "未完成")]
FORMS = [("csv", "CSV 表格"), ("xlsx", "Excel 工作簿"), ("jsonl", "JSONL（每行一条）")]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_users")]
    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, max_length=8, default="waiting")),
                ("total", models.PositiveIntegerField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(max_length=200, blank=True)),
                ("nonce", models.UUIDField()),
                ("what", models.CharField(max_length=32)),
                ("form", models.CharField(choices=FORMS, max_length=8)),
                ("kind", models.CharField(max_length=32, blank=True, default="", db_default="")),
                ("filter", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=300, blank=True)),
                ("language", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=32, unique=True)),
                ("rows", models.PositiveIntegerField(null=True)),
                ("size", models.PositiveBigIntegerField(null=True)),
                ("sha256", models.CharField(max_length=64, blank=True)),
                ("as_of", models.DateTimeField(null=True)),
                ("wall", models.CharField(max_length=64, blank=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["asked_by", "-asked_at", "-id"], name="export_list"),
                    models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="export_queue"),
                    models.Index(
                        fields=["expires_at"],
                        condition=Q(expires_at__isnull=False, removed_at=None),
                        name="export_expiry",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["asked_by", "nonce"], name="exported_once"),
                    models.CheckConstraint(condition=Q(state__in=[code for code, _ in STATES]), name="export_state"),
                    models.CheckConstraint(condition=Q(what__regex="^[a-z][a-z_]*$"), name="export_what"),
                    models.CheckConstraint(condition=Q(form__in=[code for code, _ in FORMS]), name="export_form"),
                    models.CheckConstraint(
                        condition=Q(fields=[]) | Q(reason__regex=r"\S.{8,}\S"), name="personal_only_with_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="done")
                        | Q(
                            as_of__isnull=False,
                            expires_at__isnull=False,
                            rows__isnull=False,
                            sha256__regex="^[0-9a-f]{64}$",
                        ),
                        name="done_with_rows_and_hash",
                    ),
                ],
            },
        )
    ]
