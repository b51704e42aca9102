"""Imports of old ledgers, and what came of their rows."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from audit.columns import SaltField
from audit.operations import Watch

STATES = [
    ("preview", "待确认"),
    ("waiting", "等待处理"),
    ("running", "正在处理"),
    ("done", "已完成"),
    ("failed", "未完成"),
]


class Migration(migrations.Migration):
    dependencies = [("records", "0006_search"), ("responsibility", "0001_organs")]
    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("asked_at", models.DateTimeField()),
                ("total", models.PositiveIntegerField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(max_length=200, blank=True)),
                ("kind", models.CharField(max_length=32)),
                ("state", models.CharField(choices=STATES, max_length=8, default="preview")),
                ("office", models.ForeignKey("responsibility.organ", models.PROTECT, null=True, related_name="+")),
                ("file", models.CharField(max_length=64, blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("filename", models.CharField(max_length=200)),
                ("mapping", models.JSONField(default=dict)),
                ("header", models.JSONField(default=list)),
                ("came_in", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("already_there", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "office", "-asked_at", "-id"], name="import_list"),
                    models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="import_queue"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=[code for code, _ in STATES]), name="import_state"),
                    models.CheckConstraint(
                        condition=Q(total=None) | Q(done__gte=F("came_in") + F("rejected") + F("already_there")),
                        name="import_counts_rows_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedFrom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField()),
                ("taken_by", models.ForeignKey("records.import", models.PROTECT, related_name="taken")),
                ("source", models.CharField(max_length=40)),
                ("source_key", models.CharField(max_length=64)),
                ("digest", models.BinaryField()),
                ("taken_at", models.DateTimeField()),
                ("salt", SaltField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["subject_kind", "source", "source_key"], name="imported_once"),
                    models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="imported_from_one_row"),
                ]
            },
        ),
        migrations.CreateModel(
            name="ImportReject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.ForeignKey("records.import", models.CASCADE, related_name="rejects")),
                ("row", models.PositiveIntegerField()),
                ("reasons", models.JSONField()),
                ("cells", models.JSONField()),
                ("salt", SaltField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["job", "row"], name="rejected_once")]},
        ),
        Watch("records_importedfrom", personal=["source_key", "digest"]),
        Watch("records_importreject", personal=["reasons", "cells"]),
    ]
