"""What the inbox says."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0004_obligations")]
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", db_index=False),
                ),
                ("post", models.ForeignKey("responsibility.post", models.PROTECT, null=True, related_name="+")),
                ("kind", models.CharField(max_length=48)),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_key", models.CharField(max_length=40)),
                ("merge_key", models.CharField(max_length=40, blank=True, default="", db_default="")),
                (
                    "obligation",
                    models.ForeignKey("responsibility.obligation", models.PROTECT, null=True, related_name="+"),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        "responsibility.escalation", models.PROTECT, null=True, related_name="notices", db_index=False
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient", "-told_at", "-id"], name="notice_inbox"),
                    models.Index(fields=["told_at"], condition=Q(read_at=None), name="notice_unread"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["escalation", "recipient"], name="told_once_a_step"),
                    models.UniqueConstraint(
                        fields=["recipient", "kind", "merge_key"], condition=~Q(merge_key=""), name="told_once_for_all"
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__regex=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"), name="notice_kind"
                    ),
                ],
            },
        ),
        Watch("responsibility_notice"),
    ]
