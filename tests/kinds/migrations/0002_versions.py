import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import audit.columns
import responsibility.models.organs
from audit.operations import Watch
from records.operations import keep_versions


class Migration(migrations.Migration):
    dependencies = [
        ("kinds", "0001_initial"),
        ("records", "0008_shapes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.PositiveIntegerField()),
                ("articles", models.JSONField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("salt", audit.columns.SaltField()),
                ("state", models.CharField(default="draft", max_length=16)),
                ("handler", models.CharField(blank=True, max_length=20)),
                (
                    "errand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="kinds.errand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("errand", "edition"), name="wording_edition"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft"])), fields=("errand",), name="wording_one_open"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("since__isnull", False)),
                        expressions=[("errand", "="), (responsibility.models.organs.DateRange("since", "until"), "&&")],
                        name="wording_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="wording_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest", ""), ("since", None), ("until", None)),
                            models.Q(
                                ("since__isnull", False),
                                models.Q(("digest", ""), _negated=True),
                                models.Q(("state__in", ["draft"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="wording_in_force",
                    ),
                ],
            },
        ),
        keep_versions("kinds_wording", still_change=["handler"]),
        Watch("kinds_wording", personal=["articles"]),
    ]
