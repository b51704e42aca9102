"""Tasks (督查事项) and their milestones."""

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
DROP FUNCTION inspection_milestone_in_time CASCADE;
DROP FUNCTION inspection_milestone_stays CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("responsibility", "0009_recurring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
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
                            ("draft", "拟立项"),
                            ("approved", "已批准，待下达"),
                            ("issued", "已下达，待签收"),
                            ("working", "落实中"),
                            ("blocked", "等待协调"),
                            ("reported", "已报结，待核实"),
                            ("verified", "已核实，待销号"),
                            ("rechecking", "已销号，待回头看"),
                            ("closed", "已销号"),
                            ("stopped", "已中止"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("instruction", "领导批示"),
                            ("meeting", "会议决定"),
                            ("document", "文件部署"),
                            ("report", "报告、反映的问题"),
                            ("record", "本平台的事项"),
                        ],
                        max_length=12,
                    ),
                ),
                ("origin_note", models.CharField(blank=True, max_length=100)),
                ("track", models.CharField(choices=[("party", "党委督查"), ("government", "政府督查")], max_length=12)),
                ("goal", models.CharField(max_length=200)),
                ("requirement", models.TextField()),
                ("due_on", models.DateField()),
                ("first_due_on", models.DateField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "drafted_by",
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
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.post"
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
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.post"
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
                (
                    "waits_for",
                    models.ForeignKey(
                        null=True,
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
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                ("goal", models.CharField(max_length=200)),
                ("requirement", models.TextField(blank=True)),
                ("days", models.PositiveSmallIntegerField()),
                ("last_day", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                ("fact", models.TextField(blank=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "done_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="inspection.task",
                    ),
                ),
            ],
            options={
                "ordering": ("task", "item"),
            },
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="task_list",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="task_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="task_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["-received_at", "-id"], name="task_received"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="task_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="task_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "approved",
                            "issued",
                            "working",
                            "blocked",
                            "reported",
                            "verified",
                            "rechecking",
                            "closed",
                            "stopped",
                        ],
                    )
                ),
                name="task_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["instruction", "meeting", "document", "report", "record"])),
                name="task_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("track__in", ["party", "government"])), name="task_track"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handler__isnull", False),
                    ("office__isnull", False),
                    models.Q(("leader", models.F("handler")), _negated=True),
                ),
                name="task_leader_is_not_handler",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("first_due_on"))), name="task_only_postponed"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "blocked"),
                        ("waits_for__isnull", False),
                        models.Q(("waits_for", models.F("organ")), _negated=True),
                    ),
                    models.Q(models.Q(("state", "blocked"), _negated=True), ("waits_for", None)),
                    _connector="OR",
                ),
                name="task_blocked_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(fields=("task", "item"), name="milestone_once"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("item__range", (1, 50))), name="milestone_item"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("days__range", (1, 999))), name="milestone_days"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None), ("fact", "")),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="milestone_done_by_whom",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
        Watch("inspection_task", personal=["title", "origin_note", "goal", "requirement"]),
        Watch("inspection_milestone", personal=["goal", "requirement", "fact"]),
    ]
