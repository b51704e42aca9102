import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

import audit.columns
from audit.operations import Watch


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("responsibility", "0009_recurring"),
    ]

    operations = [
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("category", models.CharField(blank=True, max_length=6)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                ("strict_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("broken", "待修"), ("mended", "已修，待验"), ("closed", "已验")],
                        default="broken",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=50)),
                ("salt", audit.columns.SaltField()),
                (
                    "handler",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="repair_list",
                    ),
                    models.Index(
                        models.F("organ"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="repair_of_organ",
                    ),
                    models.Index(
                        models.F("handler"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        condition=models.Q(("handler__isnull", False)),
                        name="repair_of_handler",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("category__regex", "^(\\d{6})?$")), name="repair_category"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("strict_at"))), name="repair_legal_after_strict"
                    ),
                ],
            },
        ),
        Watch("repairs_repair", personal=["title"]),
    ]
