"""Named readers of walled records."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch
from responsibility.models.organs import DateRange


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0007_outbox")]
    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("record", models.BigIntegerField()),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("declared_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["user", "kind", "record"], name="reader_reads")],
                "constraints": [
                    ExclusionConstraint(
                        expressions=[
                            ("kind", "="),
                            ("record", "="),
                            ("user", "="),
                            (DateRange("since", "until"), "&&"),
                        ],
                        name="one_reader_row_at_a_time",
                    ),
                    models.CheckConstraint(condition=Q(until__gte=F("since")), name="reader_dates"),
                ],
            },
        ),
        Watch("responsibility_reader"),
    ]
