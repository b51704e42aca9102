"""The register of accusations handed over (移送登记簿), and the state in which a petition leaves officials' sight."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import massline.texts
from audit.operations import Watch

STATES = [
    "received", "registered", "forwarded", "objected", "declining", "accepted", "handling", "answered", "closed", "not_accepted",
    "withdrawn", "transferred",
]  # fmt: skip
SENT = models.Q(state__in=["sent", "receipted"], sent_to__isnull=False, sent_at__isnull=False)
RECEIPT = models.Q(receipt_number="", receipt_on=None, receipt_by=None, receipt_at=None)


def key(to, null=True):
    return models.ForeignKey(null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0020_recalled"),
        ("responsibility", "0017_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("demand", "sealed", models.BooleanField(db_default=False, default=False)),
        migrations.AlterField(
            "demand",
            "state",
            models.CharField(
                choices=[
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
                ],
                max_length=16,
            ),
        ),
        migrations.RemoveConstraint("demand", "demand_state"),
        migrations.RemoveConstraint("demand", "open_has_a_date"),
        migrations.AddConstraint(
            "demand", models.CheckConstraint(condition=models.Q(state__in=STATES), name="demand_state")
        ),
        migrations.AddConstraint(
            "demand",
            models.CheckConstraint(
                condition=models.Q(state__in=["closed", "not_accepted", "transferred", "withdrawn"])
                | models.Q(due_at__isnull=False),
                name="open_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            "demand",
            models.CheckConstraint(
                condition=~models.Q(state="transferred") | models.Q(sealed=True), name="transferred_is_sealed"
            ),
        ),
        migrations.AddIndex(
            "demand", models.Index(condition=models.Q(sealed=True), fields=["id"], name="demand_sealed")
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("channel", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_send", "待移送"),
                            ("sent", "已移送，待回执"),
                            ("receipted", "已取得回执"),
                            ("kept", "已封存"),
                        ],
                        max_length=12,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("pages", models.PositiveSmallIntegerField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("receipt_number", massline.texts.LineColumn(blank=True, default="", max_length=40)),
                ("receipt_on", models.DateField(null=True)),
                ("receipt_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "sealed_files",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list, size=None
                    ),
                ),
                (
                    "demand",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer",
                        to="petitions.demand",
                    ),
                ),
                ("post", key("responsibility.post")),
                ("receipt_by", key(settings.AUTH_USER_MODEL)),
                ("sent_by", key(settings.AUTH_USER_MODEL)),
                ("sent_from", key("responsibility.organ", null=False)),
                ("sent_to", key("responsibility.organ")),
            ],
        ),
        migrations.AddIndex("transfer", models.Index(fields=["-entered_at", "-id"], name="transfer_entered")),
        *(
            migrations.AddConstraint("transfer", models.CheckConstraint(condition=condition, name=name))
            for name, condition in (
                ("transfer_pages", models.Q(pages__range=(1, 9999))),
                (
                    "sent_by_whom_to_whom",
                    models.Q(state__in=["to_send", "kept"], sent_to=None, sent_at=None, pages=None)
                    | SENT & models.Q(pages__isnull=False, sent_by__isnull=False, post__isnull=False),
                ),
                (
                    "to_send_by_whom",
                    ~models.Q(state="to_send") | models.Q(demand__isnull=False, sent_by__isnull=False),
                ),
                (
                    "receipt_number_and_day",
                    ~models.Q(state="receipted") & RECEIPT
                    | models.Q(
                        state="receipted", receipt_on__isnull=False, receipt_by__isnull=False, receipt_at__isnull=False
                    )
                    & ~models.Q(receipt_number=""),
                ),
                ("receipt_by_another", ~models.Q(receipt_by=models.F("sent_by"))),
                ("sent_elsewhere", ~models.Q(sent_to=models.F("sent_from"))),
            )
        ),
        Watch("petitions_transfer", secret=["sealed", "sealed_files"]),
    ]
