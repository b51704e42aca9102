"""Comments of citizens on drafts (公众意见)."""

import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

import audit.columns
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0008_returned_letters"),
        ("institutions", "0002_gaps"),
        ("responsibility", "0010_english_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
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
                        choices=[("received", "待答复"), ("answered", "已答复")], default="received", max_length=16
                    ),
                ),
                ("article", models.CharField(blank=True, max_length=8)),
                ("body", models.TextField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("adopted", "采纳"), ("partly", "部分采纳"), ("not", "未采纳")],
                        max_length=8,
                    ),
                ),
                ("salt", audit.columns.SaltField()),
                (
                    "filing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="citizens.filing"
                    ),
                ),
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
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="institutions.regulationtext",
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
                        name="comment_list",
                    ),
                    models.Index(
                        models.F("organ"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="comment_of_organ",
                    ),
                    models.Index(
                        models.F("handler"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        condition=models.Q(("handler__isnull", False)),
                        name="comment_of_handler",
                    ),
                    models.Index(fields=["-received_at", "-id"], name="comment_received"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("category__regex", "^(\\d{6})?$")), name="comment_category"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("strict_at"))), name="comment_legal_after_strict"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("state", "received")),
                            models.Q(("outcome__in", ["adopted", "partly", "not"]), ("state", "answered")),
                            _connector="OR",
                        ),
                        name="comment_answered",
                    ),
                ],
            },
        ),
        Watch("institutions_comment", personal=["body"]),
    ]
