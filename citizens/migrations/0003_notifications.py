"""What citizens are told (告知)."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

STATES = [("waiting", "待告知"), ("told", "已告知"), ("cannot", "无法告知"), ("recalled", "已撤下")]
TOLD_HOWS = [("sms", "短信"), ("phone", "电话"), ("email", "电子邮件"), ("letter", "书面信函")]


class Migration(migrations.Migration):
    dependencies = [("citizens", "0002_complained"), ("responsibility", "0004_obligations")]
    operations = [
        migrations.CreateModel(
            name="CitizenNotification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.BigIntegerField()),
                ("filing", models.ForeignKey("citizens.filing", models.PROTECT, related_name="+")),
                ("office", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("letter", models.CharField(max_length=24)),
                ("text", models.TextField()),
                ("state", models.CharField(choices=STATES, max_length=8, default="waiting", db_default="waiting")),
                (
                    "owed",
                    models.OneToOneField("responsibility.obligation", models.PROTECT, null=True, related_name="+"),
                ),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("told_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("told_how", models.CharField(choices=TOLD_HOWS, max_length=8, blank=True)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="notification_subject"),
                    models.Index(fields=["office", "made_at"], condition=Q(state="waiting"), name="notification_queue"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(told_at=None, told_by=None, told_how="")
                        | Q(told_at__isnull=False, told_by__isnull=False) & ~Q(told_how="")
                        | Q(told_at__isnull=False, told_by=None, told_how__in=["email", "sms"]),
                        name="told_by_whom_when_how",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=[code for code, _ in STATES]), name="notification_state"
                    ),
                    models.CheckConstraint(
                        condition=Q(state="told", told_at__isnull=False) | ~Q(state="told") & Q(told_at=None),
                        name="told_has_its_moment",
                    ),
                ],
            },
        ),
        Watch("citizens_citizennotification", personal=["text"]),
    ]
