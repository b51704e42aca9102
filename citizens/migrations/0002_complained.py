"""Who is complained about."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

KINDS = [("organ", "单位"), ("person", "个人")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users"), ("citizens", "0001_filings"), ("responsibility", "0001_organs")]
    operations = [
        migrations.CreateModel(
            name="Complained",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filing", models.ForeignKey("citizens.filing", models.PROTECT, related_name="complained")),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("name", models.CharField(max_length=64)),
                ("organ_name", models.CharField(max_length=64, blank=True)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, null=True, related_name="+")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [models.Index(fields=["user"], condition=Q(user__isnull=False), name="complained_user")],
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=["organ", "person"]), name="complained_kind")
                ],
            },
        ),
        Watch("citizens_complained", personal=["name", "organ_name", "organ_id", "user_id"]),
    ]
