"""Links between records of all kinds."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_users")]
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
                        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["target_kind", "target_id"], name="link_target")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["source_kind", "source_id", "target_kind", "target_id", "relation"], name="linked_once"
                    ),
                    models.CheckConstraint(
                        condition=~Q(source_id=F("target_id"), source_kind=F("target_kind")), name="linked_to_another"
                    ),
                ],
            },
        ),
        Watch("records_link"),
    ]
