import django.db.models.deletion
from django.db import migrations, models

from audit.operations import Watch
from records.operations import keep_seats


class Migration(migrations.Migration):
    dependencies = [
        ("kinds", "0002_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "share",
                    models.CharField(
                        choices=[("bookable", "可预约"), ("walk_in", "现场")], default="bookable", max_length=8
                    ),
                ),
                ("holder", models.CharField(max_length=64, null=True)),
                ("online", models.BooleanField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "errand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rides", to="kinds.errand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("errand", "number"), name="ride_number"),
                    models.UniqueConstraint(fields=("errand", "holder"), name="ride_one_each"),
                    models.CheckConstraint(
                        condition=models.Q(("share__in", ["bookable", "walk_in"])), name="ride_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holder", None), ("online", None), ("taken_at", None)),
                            models.Q(
                                ("holder__isnull", False),
                                ("online__isnull", False),
                                ("taken_at__isnull", False),
                                models.Q(("holder", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ride_taken",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("share", "walk_in"), _negated=True),
                            ("online", None),
                            ("online", False),
                            _connector="OR",
                        ),
                        name="ride_walk_in",
                    ),
                ],
            },
        ),
        keep_seats("kinds_ride"),
        Watch("kinds_ride", secret=["holder"]),
    ]
