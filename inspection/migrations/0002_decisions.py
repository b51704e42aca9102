"""Decisions (重大决策), the steps before them, and the votes."""

import datetime
from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import audit.columns
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = "DROP FUNCTION inspection_vote_stays CASCADE"


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0001_tasks"),
        ("responsibility", "0010_english_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
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
                            ("preparing", "履行程序中"),
                            ("checking", "待合法性审查"),
                            ("ready", "待集体讨论"),
                            ("adopted", "已通过"),
                            ("rejected", "未通过"),
                            ("stopped", "已停止执行"),
                        ],
                        default="preparing",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("draft", models.TextField()),
                (
                    "matter_type",
                    models.CharField(
                        choices=[
                            ("administrative", "重大行政决策"),
                            ("matter", "重大事项决策"),
                            ("project", "重要项目安排"),
                            ("money", "大额度资金使用"),
                        ],
                        max_length=16,
                    ),
                ),
                ("met_on", models.DateField(null=True)),
                ("members", models.PositiveSmallIntegerField(null=True)),
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
            name="DecisionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[("participation", "公众参与"), ("experts", "专家论证"), ("risk", "风险评估")],
                        max_length=16,
                    ),
                ),
                ("taken", models.BooleanField()),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("text", models.TextField()),
                ("shortened", models.BooleanField(default=False)),
                ("salt", audit.columns.SaltField()),
                (
                    "decision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="inspection.decision",
                    ),
                ),
            ],
            options={
                "ordering": ("decision", "id"),
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meeting", models.PositiveSmallIntegerField()),
                ("seq", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=50)),
                (
                    "choice",
                    models.CharField(
                        choices=[("for", "同意"), ("against", "不同意"), ("reserved", "保留意见")], max_length=12
                    ),
                ),
                ("opinion", models.CharField(blank=True, max_length=500)),
                ("said_why", models.BooleanField()),
                ("salt", audit.columns.SaltField()),
                (
                    "decision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="inspection.decision",
                    ),
                ),
            ],
            options={
                "ordering": ("decision", "meeting", "seq"),
            },
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="decision_list",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="decision_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="decision_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["-received_at", "-id"], name="decision_received"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="decision_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="decision_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["preparing", "checking", "ready", "adopted", "rejected", "stopped"])),
                name="decision_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("matter_type__in", ["administrative", "matter", "project", "money"])),
                name="decision_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("handler__isnull", False), ("office__isnull", False)),
                name="decision_drafted_for_an_organ",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["preparing", "checking", "ready"]),
                    models.Q(("members__isnull", False), ("met_on__isnull", False)),
                    _connector="OR",
                ),
                name="decision_by_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionstep",
            constraint=models.UniqueConstraint(fields=("decision", "step"), name="decision_step_once"),
        ),
        migrations.AddConstraint(
            model_name="decisionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["participation", "experts", "risk"])), name="decision_step_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("since", None), ("taken", False), ("until", None)),
                    models.Q(
                        ("since__isnull", False),
                        ("taken", True),
                        ("until__gte", models.F("since")),
                        ("until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decision_step_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shortened", False), ("step", "participation"), ("taken", True), _negated=True),
                    (
                        "until__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("since"), "+", models.Value(datetime.timedelta(days=30))
                        ),
                    ),
                    _connector="OR",
                ),
                name="decision_step_asked_thirty_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(fields=("decision", "meeting", "seq"), name="decision_vote_once"),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice__in", ["for", "against", "reserved"])), name="decision_vote_choice"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice", "for"), ("said_why", True), _connector="OR"), name="decision_vote_dissent"
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
        Watch("inspection_decision", personal=["title", "draft"]),
        Watch("inspection_decisionstep", personal=["text"]),
        Watch("inspection_vote", personal=["name", "opinion"]),
    ]
