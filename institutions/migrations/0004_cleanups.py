"""Cleanups (集中清理) of regulations, with a frozen scope."""

import datetime
from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import audit.columns
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP FUNCTION institutions_cleanup_scope CASCADE;
DROP FUNCTION institutions_cleanup_size CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0003_comments"),
        ("responsibility", "0011_english_post_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cleanup",
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
                        choices=[("judging", "清理中"), ("closed", "已完成"), ("dropped", "不再清理")],
                        default="judging",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("grounds", models.TextField()),
                ("size", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("met_on", models.DateField(null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "begun_by",
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
            },
        ),
        migrations.CreateModel(
            name="CleanupItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("keep", "继续有效"), ("amend", "修改"), ("repeal", "废止"), ("void", "宣布失效")],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "cleanup",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="institutions.cleanup",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cleanup_items",
                        to="institutions.regulation",
                    ),
                ),
            ],
            options={
                "ordering": ("cleanup", "item"),
            },
        ),
        migrations.AddIndex(
            model_name="cleanup",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="cleanup_list",
            ),
        ),
        migrations.AddIndex(
            model_name="cleanup",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="cleanup_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="cleanup",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="cleanup_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="cleanup",
            index=models.Index(fields=["-received_at", "-id"], name="cleanup_received"),
        ),
        migrations.AddConstraint(
            model_name="cleanup",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="cleanup_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="cleanup",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="cleanup_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="cleanup",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["judging", "closed", "dropped"])), name="cleanup_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="cleanup",
            constraint=models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="cleanup_of_something"),
        ),
        migrations.AddConstraint(
            model_name="cleanup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    ("met_on__isnull", False),
                    _connector="OR",
                ),
                name="cleanup_approved_by_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="cleanupitem",
            constraint=models.UniqueConstraint(fields=("cleanup", "item"), name="cleanup_item_once"),
        ),
        migrations.AddConstraint(
            model_name="cleanupitem",
            constraint=models.UniqueConstraint(fields=("cleanup", "regulation"), name="cleanup_regulation_once"),
        ),
        migrations.AddConstraint(
            model_name="cleanupitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at", None), ("judged_by", None), ("verdict", "")),
                    models.Q(
                        ("judged_at__isnull", False),
                        ("judged_by__isnull", False),
                        ("verdict__in", ["keep", "amend", "repeal", "void"]),
                    ),
                    _connector="OR",
                ),
                name="cleanup_item_judged_by_whom",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
        Watch("institutions_cleanup", personal=["title", "grounds"]),
        Watch("institutions_cleanupitem", personal=["reason"]),
    ]
