"""Proposals (提请) that a record of another kind be opened."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.columns
from audit.operations import Watch


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_numbers"),
        ("responsibility", "0025_recurring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

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
                ("title", models.CharField(max_length=100)),
                ("words", models.TextField(blank=True)),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待决定"), ("taken", "已采纳"), ("declined", "未采纳")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("erased", models.BooleanField(default=False)),
                ("salt", audit.columns.SaltField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "link",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.link"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "made_in",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source_kind", "source_id"], name="proposal_source"),
                    models.Index(fields=["-made_at", "-id"], name="proposal_list"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("source_kind", "source_id", "proposed", "organ"),
                        name="proposed_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "taken", "declined"])), name="proposal_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("made_by")), _negated=True),
                        name="proposal_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("link__isnull", False), ("state", "taken")),
                            models.Q(models.Q(("state", "taken"), _negated=True), ("link", None)),
                            _connector="OR",
                        ),
                        name="proposal_taken_is_linked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "declined"),
                                models.Q(models.Q(("answer", ""), _negated=True), ("erased", True), _connector="OR"),
                            ),
                            models.Q(models.Q(("state", "declined"), _negated=True), ("answer", "")),
                            _connector="OR",
                        ),
                        name="proposal_declined_with_reason",
                    ),
                ],
            },
        ),
        Watch("records_proposal", personal=["title", "words", "reason", "answer"]),
    ]
