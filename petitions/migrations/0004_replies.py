"""Answers, and what petitioners think of them."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.columns import SaltField
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
OUTCOMES = [("supported", "予以支持"), ("explained", "解释说明"), ("not_supported", "不予支持")]
OBJECTS = [("petition_office", "信访部门"), ("organ", "承办单位")]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0003_people")]
    operations = [
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
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "demand",
                    models.ForeignKey("petitions.demand", models.PROTECT, related_name="ratings", db_index=False),
                ),
                ("object", models.CharField(choices=OBJECTS, max_length=16)),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="+")),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(blank=True)),
                ("rated_at", models.DateTimeField()),
                ("salt", SaltField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["demand", "object"], name="one_rating_an_object"),
                    models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_1_to_5"),
                    models.CheckConstraint(condition=Q(object__in=["petition_office", "organ"]), name="rated_object"),
                ]
            },
        ),
        migrations.RunSQL(SQL),
        Watch("petitions_answer", personal=["text"]),
        Watch("petitions_rating", personal=["reason"]),
    ]
