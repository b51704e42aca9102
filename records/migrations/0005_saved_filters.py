"""The table of saved filters; petitions' migration 0027 has made it of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.columns


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0027_filters_to_records"),
        ("records", "0004_creations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=32)),
                        ("name", models.CharField(max_length=40)),
                        ("query", models.CharField(max_length=1000)),
                        ("salt", audit.columns.SaltField()),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_filters",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=["user", "kind", "name"], name="one_filter_a_name"),
                            models.CheckConstraint(condition=~models.Q(kind=""), name="filter_of_a_kind"),
                        ],
                    },
                )
            ]
        )
    ]
