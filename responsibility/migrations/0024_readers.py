"""Named readers of walled records."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import responsibility.models.organs
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("responsibility", "0023_notice_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("record", models.BigIntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("declared_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "kind", "record"], name="reader_reads")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("kind", "="),
                            ("record", "="),
                            ("user", "="),
                            (responsibility.models.organs.DateRange("since", "until"), "&&"),
                        ],
                        name="one_reader_row_at_a_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("until__gte", models.F("since"))), name="reader_dates"),
                ],
            },
        ),
        Watch("responsibility_reader"),
    ]
