"""Spills: which record is frozen because it may hold secrets, and what was decided."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit.operations import Watch

STATES = [("frozen", "已冻结，待核查"), ("released", "已解除冻结"), ("erased", "内容已清除")]
PLACES = [("title", "标题"), ("text", "正文或办理中的文字"), ("file", "附件"), ("other", "其他位置")]
DATED = Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC)))


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0013_search_by_sound"),
        ("responsibility", "0009_recurring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Spill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("category", models.CharField(blank=True, max_length=6)),
                ("received_at", models.DateTimeField(default=timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("source_kind", models.CharField(max_length=32)),
                ("source_id", models.BigIntegerField()),
                ("source_key", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(choices=STATES, default="frozen", max_length=16),
                ),
                (
                    "place",
                    models.CharField(choices=PLACES, max_length=8),
                ),
                ("read_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("order_number", models.CharField(blank=True, default="", max_length=40)),
                ("order_date", models.DateField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, related_name="+"
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        "responsibility.post", models.PROTECT, db_index=False, null=True, related_name="+"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey("responsibility.organ", models.PROTECT, null=True, related_name="+"),
                ),
                (
                    "organ",
                    models.ForeignKey("responsibility.organ", models.PROTECT, db_index=False, related_name="+"),
                ),
                (
                    "reported_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        DATED,
                        F("id"),
                        name="spill_list",
                    ),
                    models.Index(
                        F("organ"),
                        DATED,
                        F("id"),
                        name="spill_of_organ",
                    ),
                    models.Index(
                        F("handler"),
                        DATED,
                        F("id"),
                        condition=Q(("handler__isnull", False)),
                        name="spill_of_handler",
                    ),
                    models.Index(fields=["-received_at", "-id"], name="spill_received"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(("category__regex", "^(\\d{6})?$")), name="spill_category"),
                    models.CheckConstraint(
                        condition=Q(("due_at__gte", F("strict_at"))), name="spill_legal_after_strict"
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state", "frozen")),
                        fields=("source_kind", "source_id"),
                        name="frozen_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["frozen", "released", "erased"])), name="spill_state"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("decided_at", None), ("decided_by", None), ("state", "frozen")),
                            Q(
                                Q(("state", "frozen"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="spill_decided_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=Q(("decided_by", F("reported_by")), _negated=True),
                        name="spill_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(
                                ("order_date__isnull", False),
                                ("state", "erased"),
                                Q(("order_number", ""), _negated=True),
                            ),
                            Q(Q(("state", "erased"), _negated=True), ("order_date", None), ("order_number", "")),
                            _connector="OR",
                        ),
                        name="spill_erased_on_order",
                    ),
                ],
            },
        ),
        Watch("records_spill"),
    ]
