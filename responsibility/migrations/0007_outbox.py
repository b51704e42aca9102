"""Messages that leave, and how officials want them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

PURPOSES = [("notice", "即时通知"), ("digest", "每日摘要"), ("citizen", "告知")]
CHANNELS = [("email", "电子邮件"), ("gateway", "短信网关")]
STATES = [
    ("waiting", "待发送"),
    ("sending", "正在发送"),
    ("sent", "已发送"),
    ("failed", "未送达"),
    ("dropped", "不再需要"),
]


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0006_steps")]
    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="preference")),
                ("email", models.EmailField(max_length=254, blank=True)),
                ("since", models.DateTimeField()),
                ("at_once", models.BooleanField(default=True)),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(null=True, default=8, validators=[MaxValueValidator(23)]),
                ),
                ("working_days_only", models.BooleanField(default=True)),
                ("salt", SaltField()),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour")]},
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(choices=PURPOSES, max_length=8)),
                ("channel", models.CharField(choices=CHANNELS, max_length=8)),
                (
                    "recipient",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        "responsibility.notice", models.PROTECT, null=True, related_name="messages", db_index=False
                    ),
                ),
                ("day", models.DateField(null=True)),
                ("source", models.CharField(max_length=32, blank=True, default="", db_default="")),
                ("source_id", models.BigIntegerField(null=True)),
                ("message_id", models.CharField(max_length=120, unique=True)),
                ("state", models.CharField(choices=STATES, max_length=8, default="waiting")),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sending_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("possible_repeat", models.BooleanField(default=False)),
                ("fault", models.CharField(max_length=120, blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["next_at", "id"], condition=Q(state="waiting"), name="message_next"),
                    models.Index(fields=["sending_at"], condition=Q(state="sending"), name="message_sending"),
                    models.Index(fields=["-id"], condition=Q(state="failed"), name="message_failed"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["notice", "channel"], name="sent_once_a_notice"),
                    models.UniqueConstraint(fields=["recipient", "day"], name="one_digest_a_day"),
                    models.UniqueConstraint(fields=["source", "source_id"], name="sent_once_a_record"),
                    models.CheckConstraint(
                        condition=Q(
                            day=None, notice__isnull=False, purpose="notice", recipient__isnull=False, source_id=None
                        )
                        | Q(day__isnull=False, notice=None, purpose="digest", recipient__isnull=False, source_id=None)
                        | Q(day=None, notice=None, purpose="citizen", recipient=None, source_id__isnull=False),
                        name="message_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=Q(purpose="citizen") & ~Q(source="") | ~Q(purpose="citizen") & Q(source=""),
                        name="only_messages_to_citizens_have_a_source",
                    ),
                    models.CheckConstraint(condition=Q(channel__in=["email", "gateway"]), name="message_channel"),
                    models.CheckConstraint(
                        condition=Q(next_at__isnull=False, sent_at=None, state="waiting")
                        | Q(sending_at__isnull=False, sent_at=None, state="sending")
                        | Q(next_at=None, sent_at__isnull=False, state="sent")
                        | Q(next_at=None, sent_at=None, state__in=["failed", "dropped"]),
                        name="message_state",
                    ),
                ],
            },
        ),
        Watch("responsibility_preference", personal=["email"]),
        Watch("responsibility_message"),
    ]
