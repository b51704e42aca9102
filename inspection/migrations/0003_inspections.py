"""Plans of inspection, inspections (督查活动) and their conclusions."""

import datetime
from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import audit.columns
import responsibility.models.organs
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP FUNCTION inspection_inspection_of_the_plan CASCADE;
DROP FUNCTION inspection_plan_item_stays CASCADE;
DROP FUNCTION inspection_team_of_two CASCADE;
ALTER TABLE inspection_visitedorgan DROP CONSTRAINT visited_on_the_days;
ALTER TABLE inspection_inspection DROP CONSTRAINT inspection_days_of_organs, DROP CONSTRAINT inspection_scope,
    DROP CONSTRAINT inspection_exclusive;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0002_decisions"),
        ("responsibility", "0010_english_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InspectionPlan",
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
                        choices=[("draft", "拟定，待批准"), ("approved", "已批准"), ("dropped", "未批准")],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("year", models.PositiveSmallIntegerField()),
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
            name="PlanItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("salt", audit.columns.SaltField()),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="inspection.inspectionplan",
                    ),
                ),
            ],
            options={
                "ordering": ("plan", "item"),
            },
        ),
        migrations.CreateModel(
            name="Inspection",
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
                            ("proposed", "拟开展，待批准"),
                            ("approved", "已批准，待开展"),
                            ("going", "正在督查"),
                            ("concluded", "结论都已送达"),
                            ("closed", "已办结"),
                            ("dropped", "未开展"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("aim", models.TextField()),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("comprehensive", "综合督查"),
                            ("special", "专项督查"),
                            ("incident", "事件调查"),
                            ("daily", "日常督办"),
                            ("lead", "线索核查"),
                        ],
                        max_length=16,
                    ),
                ),
                ("track", models.CharField(choices=[("party", "党委督查"), ("government", "政府督查")], max_length=12)),
                ("announced", models.BooleanField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("scope", models.CharField(max_length=4)),
                ("exclusive", models.BooleanField(default=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
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
                    "merged_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="inspection.inspection",
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
                (
                    "plan_item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="inspection.planitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recused_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="inspection.inspection",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.post"
                    ),
                ),
            ],
            options={
                "ordering": ("inspection", "pk"),
            },
        ),
        migrations.CreateModel(
            name="VisitedOrgan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("scope", models.CharField(max_length=4)),
                ("exclusive", models.BooleanField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("praise", "表扬激励"), ("liability", "追究责任的建议")], max_length=12
                    ),
                ),
                (
                    "approval",
                    models.CharField(
                        blank=True, choices=[("waiting", "待批准"), ("yes", "已批准"), ("no", "未批准")], max_length=8
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visited",
                        to="inspection.inspection",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
                    ),
                ),
            ],
            options={
                "ordering": ("inspection", "item"),
            },
        ),
        migrations.CreateModel(
            name="Conclusion",
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
                            ("announced", "已通知，待督查"),
                            ("served", "结论已送达"),
                            ("objected", "复核中"),
                            ("decided", "复核已决定"),
                            ("settled", "结论生效"),
                            ("cancelled", "督查取消"),
                        ],
                        default="announced",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField(blank=True)),
                ("served_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("upheld", "维持结论"), ("changed", "变更结论")], max_length=8
                    ),
                ),
                ("salt", audit.columns.SaltField()),
                (
                    "concluded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
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
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to="inspection.inspection",
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
                        name="conclusion_list",
                    ),
                    models.Index(
                        models.F("organ"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="conclusion_of_organ",
                    ),
                    models.Index(
                        models.F("handler"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        condition=models.Q(("handler__isnull", False)),
                        name="conclusion_of_handler",
                    ),
                    models.Index(fields=["-received_at", "-id"], name="conclusion_received"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("category__regex", "^(\\d{6})?$")), name="conclusion_category"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("strict_at"))), name="conclusion_legal_after_strict"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["announced", "served", "objected", "decided", "settled", "cancelled"])
                        ),
                        name="conclusion_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("concluded_by", None), ("served_at", None), ("state__in", ["announced", "cancelled"])
                            ),
                            models.Q(
                                ("concluded_by__isnull", False),
                                ("served_at__isnull", False),
                                models.Q(("state__in", ["announced", "cancelled"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conclusion_served",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__in", ["upheld", "changed"]), ("state", "decided")),
                            models.Q(models.Q(("state", "decided"), _negated=True), ("decision", "")),
                            _connector="OR",
                        ),
                        name="conclusion_decision",
                    ),
                    models.UniqueConstraint(fields=("inspection", "organ"), name="one_conclusion_an_organ"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                ("question", models.CharField(max_length=200)),
                (
                    "found",
                    models.CharField(
                        blank=True,
                        choices=[("fine", "没有发现问题"), ("problem", "发现问题"), ("unclear", "没有查清")],
                        max_length=8,
                    ),
                ),
                ("finding", models.TextField(blank=True)),
                ("found_at", models.DateTimeField(null=True)),
                ("salt", audit.columns.SaltField()),
                (
                    "found_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="inspection.inspection",
                    ),
                ),
            ],
            options={
                "ordering": ("inspection", "item"),
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "item"), name="check_once"),
                    models.CheckConstraint(condition=models.Q(("item__range", (1, 200))), name="check_item"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("found", ""), ("found_at", None), ("found_by", None)),
                            models.Q(
                                ("found__in", ["fine", "problem", "unclear"]),
                                ("found_at__isnull", False),
                                ("found_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="check_found_by_whom",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="inspectionplan",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="inspectionplan_list",
            ),
        ),
        migrations.AddIndex(
            model_name="inspectionplan",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="inspectionplan_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="inspectionplan",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="inspectionplan_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="inspectionplan",
            index=models.Index(fields=["-received_at", "-id"], name="inspectionplan_received"),
        ),
        migrations.AddConstraint(
            model_name="inspectionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="inspectionplan_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="inspectionplan_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "approved", "dropped"])), name="plan_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionplan",
            constraint=models.CheckConstraint(condition=models.Q(("year__range", (2000, 2999))), name="plan_year"),
        ),
        migrations.AddConstraint(
            model_name="inspectionplan",
            constraint=models.UniqueConstraint(
                models.F("office"), models.F("year"), condition=models.Q(("state", "approved")), name="one_plan_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.UniqueConstraint(fields=("plan", "item"), name="plan_item_once"),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(condition=models.Q(("item__range", (1, 50))), name="plan_item_number"),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="inspection_list",
            ),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="inspection_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="inspection_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(fields=["-received_at", "-id"], name="inspection_received"),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="inspection_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="inspection_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "approved", "going", "concluded", "closed", "dropped"])),
                name="inspection_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["comprehensive", "special", "incident", "daily", "lead"])),
                name="inspection_type",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("track__in", ["party", "government"])), name="inspection_track"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approver__isnull", False), ("plan_item", None)),
                    models.Q(("approver", None), ("plan_item__isnull", False)),
                    _connector="OR",
                ),
                name="inspection_planned_or_approved_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="inspection_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("handler__isnull", False), ("office__isnull", False)), name="inspection_has_a_head"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(fields=("inspection", "post"), name="team_member_once"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recused_at__isnull", False), models.Q(("reason", ""), ("recused_at", None)), _connector="OR"
                ),
                name="recusal_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitedorgan",
            constraint=models.UniqueConstraint(fields=("inspection", "item"), name="visited_item_once"),
        ),
        migrations.AddConstraint(
            model_name="visitedorgan",
            constraint=models.UniqueConstraint(fields=("inspection", "organ"), name="visited_once"),
        ),
        migrations.AddConstraint(
            model_name="visitedorgan",
            constraint=models.CheckConstraint(condition=models.Q(("item__range", (1, 50))), name="visited_item"),
        ),
        migrations.AddConstraint(
            model_name="visitedorgan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval", ""), ("outcome", "")),
                    models.Q(("approval__in", ["waiting", "yes", "no"]), ("outcome__in", ["praise", "liability"])),
                    _connector="OR",
                ),
                name="visited_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitedorgan",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("exclusive", True)),
                expressions=[
                    ("organ", "="),
                    ("scope", "="),
                    (
                        responsibility.models.organs.DateRange(
                            "first_day",
                            "last_day",
                            django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True),
                        ),
                        "&&",
                    ),
                ],
                name="no_repeated_inspection",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
        Watch("inspection_inspectionplan", personal=["title"]),
        Watch("inspection_planitem", personal=["title"]),
        Watch("inspection_inspection", personal=["title", "aim"]),
        Watch("inspection_teammember", personal=["reason"]),
        Watch("inspection_visitedorgan"),
        Watch("inspection_check", personal=["question", "finding"]),
        Watch("inspection_conclusion", personal=["title", "text"]),
    ]
