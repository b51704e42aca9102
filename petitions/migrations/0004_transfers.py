"""The register of accusations handed over (移送登记簿)."""

from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
STATES = [("sent", "已移送，待回执"), ("receipted", "已取得回执")]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0003_groups")]
    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                (
                    "demand",
                    models.OneToOneField("petitions.demand", models.PROTECT, null=True, related_name="transfer"),
                ),
                ("channel", models.CharField(max_length=8)),
                ("state", models.CharField(choices=STATES, max_length=12)),
                ("pages", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("sent_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("sent_from", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("post", models.ForeignKey("responsibility.post", models.PROTECT, related_name="+")),
                ("sent_to", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("receipt_number", models.CharField(max_length=40, blank=True, default="")),
                ("receipt_on", models.DateField(null=True)),
                (
                    "receipt_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                ),
                ("receipt_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "sealed_files",
                    ArrayField(blank=True, default=list, base_field=models.CharField(max_length=64), size=None),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-sent_at", "-id"], name="transfer_sent")],
                "constraints": [
                    models.CheckConstraint(condition=Q(pages__range=(1, 9999)), name="transfer_pages"),
                    models.CheckConstraint(condition=Q(state__in=["sent", "receipted"]), name="transfer_state"),
                    models.CheckConstraint(
                        condition=~Q(state="receipted")
                        & Q(receipt_at=None, receipt_by=None, receipt_number="", receipt_on=None)
                        | Q(
                            receipt_at__isnull=False,
                            receipt_by__isnull=False,
                            receipt_on__isnull=False,
                            state="receipted",
                        )
                        & ~Q(receipt_number=""),
                        name="receipt_number_and_day",
                    ),
                    models.CheckConstraint(condition=~Q(receipt_by=F("sent_by")), name="receipt_by_another"),
                    models.CheckConstraint(condition=~Q(sent_to=F("sent_from")), name="sent_elsewhere"),
                ],
            },
        ),
        migrations.RunSQL(SQL),
        Watch("petitions_transfer", secret=["sealed", "sealed_files"]),
    ]
