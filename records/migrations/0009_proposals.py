"""Proposals that another organ take something up."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from audit.columns import SaltField
from audit.operations import Watch

STATES = [("open", "待决定"), ("taken", "已采纳"), ("declined", "未采纳"), ("withdrawn", "已撤回")]


class Migration(migrations.Migration):
    dependencies = [("records", "0008_shapes")]
    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("source_kind", models.CharField(max_length=32)),
                ("source_id", models.BigIntegerField()),
                ("source_key", models.CharField(max_length=40)),
                ("proposed", models.CharField(max_length=32)),
                ("relation", models.CharField(max_length=32)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("title", models.CharField(max_length=100)),
                ("words", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("state", models.CharField(choices=STATES, max_length=12, default="open")),
                ("made_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "made_in",
                    models.ForeignKey(
                        "responsibility.organ", models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("link", models.OneToOneField("records.link", models.PROTECT, null=True, related_name="+")),
                ("erased", models.BooleanField(default=False)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source_kind", "source_id"], name="proposal_source"),
                    models.Index(fields=["-made_at", "-id"], name="proposal_list"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["source_kind", "source_id", "proposed", "organ"],
                        condition=Q(state="open"),
                        name="proposed_once_at_a_time",
                    ),
                    models.CheckConstraint(condition=Q(state__in=[code for code, _ in STATES]), name="proposal_state"),
                    models.CheckConstraint(
                        condition=Q(decided_at=None, decided_by=None, state="open")
                        | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
                        name="proposal_decided_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=Q(decided_by=F("made_by"), state="withdrawn")
                        | (~Q(state="withdrawn") & (Q(decided_by=None) | ~Q(decided_by=F("made_by")))),
                        name="proposal_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=Q(link__isnull=False, state="taken") | ~Q(state="taken") & Q(link=None),
                        name="proposal_taken_is_linked",
                    ),
                    models.CheckConstraint(
                        condition=(Q(state="declined") & (~Q(answer="") | Q(erased=True)))
                        | ~Q(state="declined") & Q(answer=""),
                        name="proposal_declined_with_reason",
                    ),
                ],
            },
        ),
        Watch("records_proposal", personal=["title", "words", "reason", "answer"]),
    ]
