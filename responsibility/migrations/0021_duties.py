"""What an organ does for a place is a duty from a day to a day, and no longer its kind."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import responsibility.models.organs
from audit.operations import Explain, Watch

# By its kind an organ had no successor before it had ended, whatever the day on which the successor began.
FILL = """
INSERT INTO responsibility_organduty (organ_id, duty, region_id, since, until)
SELECT id, kind, region_id, since, valid_until FROM (
    SELECT *, greatest(valid_from, lag(valid_until) OVER (PARTITION BY kind, region_id ORDER BY valid_until, id)) AS since
    FROM responsibility_organ WHERE kind IN ('petition_office', 'discipline')
) AS one WHERE valid_until IS NULL OR valid_until > since
"""
KINDS = "UPDATE responsibility_organ SET kind = 'department' WHERE kind IN ('petition_office', 'discipline')"
BACK = """
SELECT audit_record_table('rows_migrated', 'responsibility_organ', '{}');
UPDATE responsibility_organ o SET kind = d.duty FROM responsibility_organduty d
WHERE d.organ_id = o.id AND d.duty IN ('petition_office', 'discipline')
"""
OF_NOW = [("committee", "党委、政府"), ("department", "部门"), ("township", "乡镇、街道")]


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0020_sources")]

    operations = [
        migrations.CreateModel(
            name="OrganDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty", models.CharField(max_length=32)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="responsibility.region",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="organduty",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("duty", django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                    ("region", django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                    (
                        responsibility.models.organs.DateRange("since", "until"),
                        django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                    ),
                ],
                name="one_organ_a_duty",
            ),
        ),
        migrations.AddConstraint(
            model_name="organduty",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="organ_duty_dates"
            ),
        ),
        Watch("responsibility_organduty"),
        migrations.RemoveConstraint(model_name="organ", name="one_petition_office_a_region"),
        migrations.RemoveConstraint(model_name="organ", name="one_discipline_organ_a_region"),
        migrations.RemoveConstraint(model_name="organ", name="organ_kind"),
        migrations.AlterField(model_name="organ", name="kind", field=models.CharField(choices=OF_NOW, max_length=16)),
        Explain("responsibility_organduty"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        Explain("responsibility_organ"),
        migrations.RunSQL(KINDS, BACK),
        migrations.AddConstraint(
            model_name="organ",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _name in OF_NOW])), name="organ_kind"
            ),
        ),
    ]
