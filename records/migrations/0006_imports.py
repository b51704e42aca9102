"""The tables of imports; petitions' migration 0028 has made them of its own."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import audit.columns


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0028_imports_to_records"),
        ("records", "0005_saved_filters"),
        ("responsibility", "0025_recurring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Import",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("total", models.PositiveIntegerField(null=True)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("fault", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=32)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("preview", "待确认"),
                                    ("waiting", "等待处理"),
                                    ("running", "正在处理"),
                                    ("done", "已完成"),
                                    ("failed", "未完成"),
                                ],
                                default="preview",
                                max_length=8,
                            ),
                        ),
                        ("file", models.CharField(blank=True, max_length=64)),
                        ("sha256", models.CharField(max_length=64)),
                        ("filename", models.CharField(max_length=200)),
                        ("mapping", models.JSONField(default=dict)),
                        ("header", models.JSONField(default=list)),
                        ("came_in", models.PositiveIntegerField(default=0)),
                        ("rejected", models.PositiveIntegerField(default=0)),
                        ("already_there", models.PositiveIntegerField(default=0)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "office",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="responsibility.organ",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ImportedFrom",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject_kind", models.CharField(max_length=32)),
                        ("subject_id", models.BigIntegerField()),
                        ("source", models.CharField(max_length=40)),
                        ("source_key", models.CharField(max_length=64)),
                        ("digest", models.BinaryField()),
                        ("taken_at", models.DateTimeField()),
                        ("salt", audit.columns.SaltField()),
                        (
                            "taken_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="taken", to="records.import"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ImportReject",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("row", models.PositiveIntegerField()),
                        ("reasons", models.JSONField()),
                        ("cells", models.JSONField()),
                        ("salt", audit.columns.SaltField()),
                        (
                            "job",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="rejects", to="records.import"
                            ),
                        ),
                    ],
                ),
                migrations.AddIndex(
                    model_name="import",
                    index=models.Index(fields=["kind", "office", "-asked_at", "-id"], name="import_list"),
                ),
                migrations.AddIndex(
                    model_name="import",
                    index=models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=["id"], name="import_queue"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="import",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["preview", "waiting", "running", "done", "failed"])),
                        name="import_state",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="import",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("total", None),
                            (
                                "done__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("came_in"), "+", models.F("rejected")
                                    ),
                                    "+",
                                    models.F("already_there"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="import_counts_rows_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importedfrom",
                    constraint=models.UniqueConstraint(
                        fields=("subject_kind", "source", "source_key"), name="imported_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importedfrom",
                    constraint=models.UniqueConstraint(
                        fields=("subject_kind", "subject_id"), name="imported_from_one_row"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importreject",
                    constraint=models.UniqueConstraint(fields=("job", "row"), name="rejected_once"),
                ),
            ]
        )
    ]
