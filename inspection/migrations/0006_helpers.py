"""Helping organs (协办) of a task: items that another organ owes to the lead."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
DROP FUNCTION inspection_helper_is_not_lead CASCADE;
DROP FUNCTION inspection_help_stays CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0005_whistles"),
        ("responsibility", "0011_english_post_names"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="milestone",
            name="milestone_days",
        ),
        migrations.AddField(
            model_name="milestone",
            name="helper",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days__isnull", False), ("days__range", (1, 999)), ("helper", None)),
                    models.Q(("days", None), ("helper__isnull", False)),
                    _connector="OR",
                ),
                name="milestone_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None), ("helper__isnull", False)),
                fields=("task", "helper"),
                name="one_open_help_an_organ",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
