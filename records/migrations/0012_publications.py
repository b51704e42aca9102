"""Publications: what of a record is public, proposed by one post and cleared by another."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit.columns import SaltField
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
STATES = [
    ("proposed", "待保密审查"),
    ("referred", "已送审，待决定"),
    ("public", "已公开"),
    ("refused", "不公开"),
    ("retracted", "申请已撤回"),
    ("withdrawn", "已撤回公开"),
    ("superseded", "已被更正取代"),
]
RESULTS = [("public", "公开"), ("partly_public", "部分公开"), ("refused", "不公开")]
GROUNDS = [
    ("secrets", "不含国家秘密、工作秘密和商业秘密"),
    ("personal", "不含不应公开的个人信息和个人隐私"),
    ("cases", "不影响正在办理的案件和调查"),
]
DATED = Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC)))


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0011_search_all_writings"),
        ("responsibility", "0009_recurring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Publication",
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
                ("state", models.CharField(choices=STATES, default="proposed", max_length=16)),
                ("result", models.CharField(blank=True, choices=RESULTS, default="", max_length=16)),
                ("content", models.TextField()),
                ("content_hash", models.CharField(blank=True, default="", max_length=64)),
                ("cleared_at", models.DateTimeField(null=True)),
                (
                    "grounds",
                    ArrayField(
                        base_field=models.CharField(choices=GROUNDS, max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("salt", SaltField()),
                (
                    "cleared_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, related_name="+"
                    ),
                ),
                (
                    "cleared_post",
                    models.ForeignKey(
                        "responsibility.post", models.PROTECT, db_index=False, null=True, related_name="+"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        "records.publication", models.PROTECT, db_index=False, null=True, related_name="+"
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        "responsibility.post", models.PROTECT, db_index=False, null=True, related_name="+"
                    ),
                ),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "made_post",
                    models.ForeignKey("responsibility.post", models.PROTECT, db_index=False, related_name="+"),
                ),
                ("office", models.ForeignKey("responsibility.organ", models.PROTECT, null=True, related_name="+")),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, db_index=False, related_name="+")),
            ],
            options={
                "indexes": [
                    models.Index(DATED, F("id"), name="publication_list"),
                    models.Index(F("organ"), DATED, F("id"), name="publication_of_organ"),
                    models.Index(
                        F("handler"),
                        DATED,
                        F("id"),
                        condition=Q(("handler__isnull", False)),
                        name="publication_of_handler",
                    ),
                    models.Index(fields=["-received_at", "-id"], name="publication_received"),
                    models.Index(fields=["source_kind", "source_id"], name="publication_source"),
                    models.Index(
                        condition=Q(("state", "public")),
                        fields=["source_kind", "-cleared_at", "-id"],
                        name="publication_public",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("category__regex", "^(\\d{6})?$")), name="publication_category"
                    ),
                    models.CheckConstraint(
                        condition=Q(("due_at__gte", F("strict_at"))), name="publication_legal_after_strict"
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state__in", ["proposed", "referred"])),
                        fields=("source_kind", "source_id"),
                        name="one_publication_proposed",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state", "public")),
                        fields=("source_kind", "source_id"),
                        name="one_publication_public",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("result", ""), ("state__in", ["proposed", "referred", "retracted"])),
                            Q(("result", "refused"), ("state", "refused")),
                            Q(
                                ("result__in", ["public", "partly_public"]),
                                ("state__in", ["public", "withdrawn", "superseded"]),
                            ),
                            _connector="OR",
                        ),
                        name="publication_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("cleared_at", None), ("cleared_by", None), ("cleared_post", None), ("result", "")),
                            Q(
                                Q(("result", ""), _negated=True),
                                ("cleared_at__isnull", False),
                                ("cleared_by__isnull", False),
                                ("cleared_post__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="publication_cleared_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=Q(("cleared_by", F("made_by")), _negated=True), name="publication_other_hands"
                    ),
                    models.CheckConstraint(
                        condition=Q(("cleared_post", F("made_post")), _negated=True), name="publication_other_post"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("content_hash__regex", "^[0-9a-f]{64}$"), ("result__in", ["public", "partly_public"])),
                            Q(("content_hash", ""), ("result__in", ["", "refused"])),
                            _connector="OR",
                        ),
                        name="publication_hash",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("grounds__contains", ["secrets", "personal", "cases"]),
                            ("result__in", ["", "refused"]),
                            _connector="OR",
                        ),
                        name="publication_grounds",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("ended_at__isnull", False), ("state__in", ["withdrawn", "superseded"])),
                            Q(Q(("state__in", ["withdrawn", "superseded"]), _negated=True), ("ended_at", None)),
                            _connector="OR",
                        ),
                        name="publication_ended",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION records_publication_stays CASCADE"),
        Watch("records_publication", personal=["content"]),
    ]
