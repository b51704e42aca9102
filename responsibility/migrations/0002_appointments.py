"""Who holds a post from when to when, and who acts."""

from pathlib import Path

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch
from responsibility.models.organs import DateRange

SQL = Path(__file__).with_suffix(".sql").read_text()
KINDS = [("regular", "任职"), ("acting", "代理")]
REASONS = [("absence", "请假、外出"), ("vacancy", "岗位空缺")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users"), ("responsibility", "0001_organs")]
    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")),
                ("post", models.ForeignKey("responsibility.post", models.PROTECT, related_name="appointments")),
                ("kind", models.CharField(choices=KINDS, max_length=8, default="regular")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("because", models.CharField(choices=REASONS, max_length=8, blank=True)),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(
                        expressions=[("post", "="), ("kind", "="), (DateRange("since", "until"), "&&")],
                        name="one_holder_at_a_time",
                    ),
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="appointment_dates"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "appointment",
                    models.ForeignKey("responsibility.appointment", models.PROTECT, related_name="absences"),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(until__gt=F("since")), name="absence_dates")]},
        ),
        migrations.AddField(
            "appointment",
            "absence",
            models.ForeignKey("responsibility.absence", models.PROTECT, blank=True, null=True, related_name="acting"),
        ),
        migrations.AddConstraint(
            "appointment",
            models.CheckConstraint(
                condition=Q(absence=None, because="", kind="regular")
                | Q(absence__isnull=False, because="absence", kind="acting")
                | Q(absence=None, because="vacancy", kind="acting"),
                name="acting_states_why",
            ),
        ),
        migrations.RunSQL(SQL),
        Watch("responsibility_appointment"),
        Watch("responsibility_absence"),
    ]
