"""What is owed by a date, and how it climbs."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from audit.columns import SaltField
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
OUTCOMES = [("met", "按期完成"), ("late", "逾期完成"), ("released", "不再需要"), ("missed", "未履行")]
STATES = [
    ("told", "已告知"),
    ("sent", "待签收"),
    ("acknowledged", "已签收，待批示"),
    ("instructed", "已批示"),
    ("settled", "事项已办，自动结束"),
]


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0003_calendar")]
    operations = [
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField()),
                ("subject_key", models.CharField(max_length=40)),
                ("rule", models.CharField(max_length=8)),
                ("edition", models.CharField(max_length=64)),
                ("item", models.PositiveSmallIntegerField(default=0, db_default=0)),
                ("goal", models.CharField(max_length=64)),
                ("requirement", models.CharField(max_length=128)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("organ_name", models.CharField(max_length=64, blank=True, default="", db_default="")),
                ("post", models.ForeignKey("responsibility.post", models.PROTECT, related_name="obligations")),
                ("opened_at", models.DateTimeField()),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("extended_days", models.PositiveSmallIntegerField(default=0)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("provisional", models.BooleanField(default=False)),
                ("calendar", models.PositiveIntegerField()),
                ("calendar_checked", models.PositiveIntegerField()),
                ("breached_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=8, blank=True)),
                ("next_step", models.CharField(max_length=16, blank=True)),
                ("next_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="obligation_next"),
                    models.Index(fields=["subject_kind", "subject_id"], name="obligation_subject"),
                    models.Index(
                        fields=["post", "due_at"], condition=Q(closed_at=None), name="obligation_open_by_post"
                    ),
                    models.Index(fields=["rule", "due_at"], name="obligation_cohort"),
                    models.Index(
                        fields=["rule", "closed_at"], condition=Q(closed_at__isnull=False), name="obligation_done"
                    ),
                    models.Index(
                        fields=["calendar_checked", "id"],
                        condition=Q(closed_at=None) | Q(provisional=True),
                        name="obligation_calendar",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["subject_kind", "subject_id", "rule", "item"],
                        condition=Q(closed_at=None),
                        name="owed_once",
                    ),
                    models.CheckConstraint(condition=Q(due_at__gte=F("strict_at")), name="legal_after_strict"),
                    models.CheckConstraint(
                        condition=Q(closed_at=None, outcome="")
                        | Q(closed_at__isnull=False, outcome__in=[code for code, _ in OUTCOMES]),
                        name="closed_with_outcome",
                    ),
                    models.CheckConstraint(condition=Q(closed_at=None) | Q(next_at=None), name="closed_never_climbs"),
                    models.CheckConstraint(
                        condition=Q(next_at=None, next_step="") | Q(next_at__isnull=False) & ~Q(next_step=""),
                        name="next_step_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "obligation",
                    models.ForeignKey(
                        "responsibility.obligation", models.PROTECT, related_name="escalations", db_index=False
                    ),
                ),
                ("step", models.CharField(max_length=16)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("organ_name", models.CharField(max_length=64, blank=True, default="", db_default="")),
                ("since", models.DateTimeField()),
                ("noticed_at", models.DateTimeField()),
                ("skipped", models.JSONField(null=True)),
                ("state", models.CharField(choices=STATES, max_length=16)),
                (
                    "answered_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                ),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("instructed_at", models.DateTimeField(null=True)),
                ("instruction", models.TextField(blank=True)),
                ("salt", SaltField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["obligation", "step"], name="one_step_once"),
                    models.CheckConstraint(
                        condition=Q(state__in=[code for code, _ in STATES]), name="escalation_state"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="instructed") | Q(instructed_at__isnull=False), name="instructed_when"
                    ),
                ]
            },
        ),
        migrations.AddField(
            "obligation",
            "escalation",
            models.ForeignKey("responsibility.escalation", models.PROTECT, null=True, related_name="owed"),
        ),
        migrations.RunSQL(SQL),
        Watch("responsibility_obligation"),
        Watch("responsibility_escalation", personal=["instruction", "skipped"]),
    ]
