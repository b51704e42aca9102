"""Recurring duties of posts, and their periods."""

from pathlib import Path

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch
from responsibility.models.organs import DateRange

SQL = Path(__file__).with_suffix(".sql").read_text()
STATES = [("owed", "待履行"), ("fulfilled", "已履行"), ("missed", "未履行"), ("released", "不再需要")]


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0008_readers")]
    operations = [
        migrations.CreateModel(
            name="PostDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.ForeignKey("responsibility.post", models.PROTECT, related_name="duties")),
                ("rule", models.CharField(max_length=8)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(
                        expressions=[("post", "="), ("rule", "="), (DateRange("since", "until"), "&&")],
                        name="one_duty_of_a_post",
                    ),
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="post_duty_dates"),
                ]
            },
        ),
        migrations.CreateModel(
            name="DutyPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("post", models.ForeignKey("responsibility.post", models.PROTECT, related_name="+")),
                ("rule", models.CharField(max_length=8)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("state", models.CharField(choices=STATES, max_length=12, default="owed")),
            ],
            options={
                "indexes": [models.Index(fields=["until"], condition=Q(state="owed"), name="duty_period_owed")],
                "constraints": [
                    ExclusionConstraint(
                        expressions=[("post", "="), ("rule", "="), (DateRange("since", "until"), "&&")],
                        name="one_period_a_duty",
                    ),
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="duty_period_dates"),
                    models.CheckConstraint(
                        condition=Q(state__in=[code for code, _ in STATES]), name="duty_period_state"
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL),
        Watch("responsibility_postduty"),
        Watch("responsibility_dutyperiod"),
    ]
