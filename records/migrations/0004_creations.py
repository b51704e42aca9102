"""Requests that created a record."""

from django.conf import settings
from django.db import migrations, models

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("records", "0003_files")]
    operations = [
        migrations.CreateModel(
            name="Creation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.BinaryField()),
                ("sent", models.BinaryField(null=True)),
                ("kind", models.CharField(max_length=32)),
                ("record", models.BigIntegerField()),
                (
                    "made_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["made_by", "request"], name="created_once")]},
        ),
        Watch("records_creation", secret=["request", "sent"]),
    ]
