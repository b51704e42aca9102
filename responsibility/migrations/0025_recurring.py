"""Recurring duties of posts and their periods; what was missed stays missed."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch
from responsibility.models.organs import DateRange

MISSED_STAYS = """
CREATE FUNCTION responsibility_missed_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a period that was missed stays missed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'missed_stays';
END $$;
CREATE TRIGGER responsibility_missed_stays BEFORE UPDATE OR DELETE ON responsibility_dutyperiod
    FOR EACH ROW WHEN (OLD.state = 'missed') EXECUTE FUNCTION responsibility_missed_stays();
"""
OUTCOMES = [("met", "按期完成"), ("late", "逾期完成"), ("released", "不再需要"), ("missed", "未履行")]
STATES = [("owed", "待履行"), ("fulfilled", "已履行"), ("missed", "未履行"), ("released", "不再需要")]


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def once(name):
    return django.contrib.postgres.constraints.ExclusionConstraint(
        name=name, expressions=[("post", "="), ("rule", "="), (DateRange("since", "until"), "&&")]
    )


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0024_readers")]

    operations = [
        migrations.CreateModel(
            name="PostDuty",
            fields=[
                ("id", key()),
                ("rule", models.CharField(max_length=8)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="responsibility.post"
                    ),
                ),
            ],
            options={
                "constraints": [
                    once("one_duty_of_a_post"),
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="post_duty_dates"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyPeriod",
            fields=[
                ("id", key()),
                ("number", models.CharField(max_length=24, unique=True)),
                ("rule", models.CharField(max_length=8)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("state", models.CharField(choices=STATES, default="owed", max_length=12)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.post"
                    ),
                ),
            ],
            options={
                "constraints": [
                    once("one_period_a_duty"),
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="duty_period_dates"),
                    models.CheckConstraint(
                        condition=Q(state__in=[state for state, _label in STATES]), name="duty_period_state"
                    ),
                ],
                "indexes": [models.Index(fields=["until"], condition=Q(state="owed"), name="duty_period_owed")],
            },
        ),
        migrations.RunSQL(MISSED_STAYS, "DROP FUNCTION responsibility_missed_stays CASCADE"),
        Watch("responsibility_postduty"),
        Watch("responsibility_dutyperiod"),
        migrations.RemoveConstraint("obligation", "closed_with_outcome"),
        migrations.AlterField("obligation", "outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=8)),
        migrations.AddConstraint(
            "obligation",
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False, outcome__in=[outcome for outcome, _label in OUTCOMES]),
                name="closed_with_outcome",
            ),
        ),
    ]
