"""Petitions, what each demands, and its answers."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from audit.columns import SaltField
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
CHANNELS = [("web", "网上"), ("letter", "来信"), ("visit", "来访"), ("phone", "来电")]
STATES = [
    ("received", "已收到，待登记"),
    ("registered", "已登记，待转办"),
    ("forwarded", "已转办，待受理"),
    ("objected", "承办单位提出异议"),
    ("declining", "拟不予受理，待核实"),
    ("accepted", "已受理，待分派"),
    ("handling", "正在办理"),
    ("answered", "已答复，待核实"),
    ("closed", "已办结销号"),
    ("not_accepted", "不予受理"),
    ("withdrawn", "已撤回"),
    ("transferred", "已转交有权处理的机关"),
]
PURPOSES = [
    ("request", "求决"),
    ("appeal", "申诉"),
    ("suggestion", "意见建议"),
    ("consultation", "咨询"),
    ("other", "其他"),
]
OUTCOMES = [("supported", "予以支持"), ("explained", "解释说明"), ("not_supported", "不予支持")]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_users"), ("citizens", "0001_filings"), ("responsibility", "0001_organs")]
    operations = [  # No row that all filings would wait for.
        migrations.RunSQL("CREATE SEQUENCE petitions_number"),
        migrations.CreateModel(
            name="Petition",
            fields=[
                (
                    "filing",
                    models.OneToOneField(
                        "citizens.filing", models.PROTECT, primary_key=True, serialize=False, related_name="+"
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True)),
                ("channel", models.CharField(choices=CHANNELS, max_length=8)),
                ("received_at", models.DateTimeField()),
                ("postmarked_on", models.DateField(null=True)),
                ("region", models.ForeignKey("responsibility.region", models.PROTECT, related_name="+")),
                ("title", models.CharField(max_length=100)),
                ("body", models.TextField()),
                ("place", models.CharField(max_length=200, blank=True)),
                ("wish", models.TextField(blank=True)),
                ("persons", models.PositiveSmallIntegerField(default=1, db_default=1)),
                ("salt", SaltField()),
            ],
            options={
                "indexes": [models.Index(fields=["filing"], condition=Q(persons__gte=5), name="petition_groups")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(channel__in=[code for code, _ in CHANNELS]), name="petition_channel"
                    ),
                    models.CheckConstraint(condition=Q(persons__range=(1, 9999)), name="petition_persons"),
                    models.CheckConstraint(
                        condition=Q(postmarked_on=None) | Q(channel="letter"), name="only_letters_have_a_postmark"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+", db_index=False)),
                (
                    "handler",
                    models.ForeignKey(
                        "responsibility.post", models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "petition",
                    models.ForeignKey("petitions.petition", models.PROTECT, related_name="demands", db_index=False),
                ),
                ("seq", models.PositiveSmallIntegerField(default=1)),
                ("state", models.CharField(choices=STATES, max_length=16)),
                ("office", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("category", models.CharField(max_length=6)),
                ("purpose", models.CharField(choices=PURPOSES, max_length=16)),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=16, blank=True)),
                ("received_at", models.DateTimeField()),
                ("sealed", models.BooleanField(default=False, db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC))), "id", name="ledger"
                    ),
                    models.Index(
                        "organ",
                        Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC))),
                        "id",
                        name="ledger_of_organ",
                    ),
                    models.Index(
                        "handler",
                        Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC))),
                        "id",
                        condition=Q(handler__isnull=False),
                        name="ledger_of_handler",
                    ),
                    models.Index(
                        "state",
                        Coalesce("due_at", models.Value(datetime(9999, 12, 30, tzinfo=UTC))),
                        "id",
                        name="ledger_in_state",
                    ),
                    models.Index(fields=["id"], condition=Q(sealed=True), name="demand_sealed"),
                    models.Index(fields=["-received_at", "-id"], name="demand_received"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["petition"], name="one_demand_a_petition"),
                    models.CheckConstraint(condition=Q(state__in=[code for code, _ in STATES]), name="demand_state"),
                    models.CheckConstraint(
                        condition=Q(purpose__in=[code for code, _ in PURPOSES]), name="demand_purpose"
                    ),
                    models.CheckConstraint(condition=Q(category__regex=r"^\d{6}$"), name="demand_category"),
                    models.CheckConstraint(
                        condition=~Q(state__in=["handling", "answered"]) | Q(handler__isnull=False),
                        name="handled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome__in=[code for code, _ in OUTCOMES], state__in=["answered", "closed"])
                        | ~Q(state__in=["answered", "closed"]) & Q(outcome=""),
                        name="outcome_when_answered",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["closed", "not_accepted", "transferred", "withdrawn"])
                        | Q(due_at__isnull=False),
                        name="open_has_a_date",
                    ),
                    models.CheckConstraint(condition=Q(due_at__gte=F("strict_at")), name="demand_legal_after_strict"),
                    models.CheckConstraint(
                        condition=~Q(state="transferred") | Q(sealed=True), name="transferred_is_sealed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demand", models.ForeignKey("petitions.demand", models.PROTECT, related_name="answers")),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=16)),
                ("text", models.TextField()),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("organ_name", models.CharField(max_length=64, blank=True, default="", db_default="")),
                ("answered_at", models.DateTimeField()),
                ("salt", SaltField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome__in=[code for code, _ in OUTCOMES]), name="answer_outcome"
                    )
                ]
            },
        ),
        migrations.RunSQL(SQL),
        Watch("petitions_petition", personal=["title", "body", "place", "wish"], key="filing_id"),
        Watch("petitions_demand"),
        Watch("petitions_answer", personal=["text"]),
    ]
