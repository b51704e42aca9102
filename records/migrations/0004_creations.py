"""Requests that created a record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Creation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.BinaryField()),
                ("kind", models.CharField(max_length=32)),
                ("record", models.BigIntegerField()),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("made_by", "request"), name="created_once")],
            },
        ),
        Watch("records_creation", secret=["request"]),
    ]
