"""Gaps (制度缺口) in the regulations of organs."""

import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import audit.columns
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0001_regulations"),
        ("responsibility", "0010_english_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Gap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("category", models.CharField(blank=True, max_length=6)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "待安排"),
                            ("planned", "正在补上"),
                            ("closed", "已补上"),
                            ("dismissed", "不是缺口"),
                        ],
                        default="found",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                (
                    "sort",
                    models.CharField(
                        choices=[("none", "空白"), ("hole", "漏洞"), ("conflict", "冲突"), ("outdated", "过时")],
                        max_length=12,
                    ),
                ),
                (
                    "power",
                    models.CharField(choices=[("people", "人"), ("money", "财"), ("things", "物")], max_length=8),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[("decide", "决定"), ("do", "执行"), ("check", "监督"), ("answer", "问责")],
                        max_length=8,
                    ),
                ),
                ("evidence", models.TextField()),
                ("due_on", models.DateField(null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "filled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gaps",
                        to="institutions.regulation",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
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
                (
                    "organ",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="gap_list",
                    ),
                    models.Index(
                        models.F("organ"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="gap_of_organ",
                    ),
                    models.Index(
                        models.F("handler"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        condition=models.Q(("handler__isnull", False)),
                        name="gap_of_handler",
                    ),
                    models.Index(fields=["-received_at", "-id"], name="gap_received"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("category__regex", "^(\\d{6})?$")), name="gap_category"),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("strict_at"))), name="gap_legal_after_strict"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["found", "planned", "closed", "dismissed"])), name="gap_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sort__in", ["none", "hole", "conflict", "outdated"])), name="gap_sort"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("power__in", ["people", "money", "things"]),
                            ("step__in", ["decide", "do", "check", "answer"]),
                        ),
                        name="gap_cell",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "planned"), _negated=True),
                            models.Q(("due_on__isnull", False), ("handler__isnull", False)),
                            _connector="OR",
                        ),
                        name="gap_planned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("filled_by__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("filled_by", None)),
                            _connector="OR",
                        ),
                        name="gap_closed_by_a_rule",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["found", "planned"])),
                        fields=("organ", "power", "step", "sort"),
                        name="gap_once_open",
                    ),
                ],
            },
        ),
        Watch("institutions_gap", personal=["title", "evidence"]),
    ]
