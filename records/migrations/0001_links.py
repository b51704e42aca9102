"""Links between records of all kinds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.operations import Watch


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_kind", models.CharField(max_length=32)),
                ("source_id", models.BigIntegerField()),
                ("source_key", models.CharField(max_length=40)),
                ("target_kind", models.CharField(max_length=32)),
                ("target_id", models.BigIntegerField()),
                ("target_key", models.CharField(max_length=40)),
                ("relation", models.CharField(max_length=32)),
                ("event", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["target_kind", "target_id"], name="link_target")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_kind", "source_id", "target_kind", "target_id", "relation"), name="linked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source_id", models.F("target_id")),
                            ("source_kind", models.F("target_kind")),
                            _negated=True,
                        ),
                        name="linked_to_another",
                    ),
                ],
            },
        ),
        Watch("records_link"),
    ]
