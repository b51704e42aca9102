"""Whistles (吹哨报到), and the organs that they call."""

import datetime
from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

import audit.columns
from audit.operations import Watch

SQL = Path(__file__).with_suffix(".sql").read_text()
UNDO = """
ALTER TABLE inspection_whistlecall DROP CONSTRAINT call_as_its_whistle;
ALTER TABLE inspection_whistle DROP CONSTRAINT whistle_of_calls;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0004_draws"),
        ("responsibility", "0011_english_post_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="Whistle",
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
                        choices=[("blown", "已吹哨"), ("settled", "事情已解决"), ("cancelled", "已撤回")],
                        default="blown",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("matter_text", models.TextField()),
                ("about", models.CharField(blank=True, max_length=60)),
                ("is_open", models.BooleanField(default=True)),
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
            },
        ),
        migrations.CreateModel(
            name="WhistleCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                ("come_by", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("called", "待报到"),
                            ("cannot", "答复不能到场"),
                            ("came", "已报到"),
                            ("excused", "上级同意不到场"),
                        ],
                        default="called",
                        max_length=8,
                    ),
                ),
                ("came_on", models.DateField(null=True)),
                (
                    "worth",
                    models.CharField(
                        blank=True,
                        choices=[("solved", "解决了问题"), ("partly", "解决了一部分"), ("not", "没有解决问题")],
                        max_length=8,
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=60)),
                ("is_open", models.BooleanField(default=True)),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.organ",
                    ),
                ),
                (
                    "whistle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="inspection.whistle",
                    ),
                ),
            ],
            options={
                "ordering": ("whistle", "item"),
            },
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="whistle_list",
            ),
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="whistle_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="whistle_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(fields=["-received_at", "-id"], name="whistle_received"),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="whistle_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="whistle_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["blown", "settled", "cancelled"])), name="whistle_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_open", True), ("state", "blown")),
                    models.Q(models.Q(("state", "blown"), _negated=True), ("is_open", False)),
                    _connector="OR",
                ),
                name="whistle_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.UniqueConstraint(fields=("whistle", "item"), name="whistle_item_once"),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.UniqueConstraint(fields=("whistle", "organ"), name="called_once"),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True), models.Q(("about", ""), _negated=True)),
                fields=("township", "about", "organ"),
                name="called_once_about_a_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(condition=models.Q(("item__range", (1, 20))), name="whistle_item"),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["called", "cannot", "came", "excused"])), name="call_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="whistlecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("came_on__isnull", False),
                        ("state", "came"),
                        models.Q(("worth", ""), ("worth__in", ["solved", "partly", "not"]), _connector="OR"),
                    ),
                    models.Q(models.Q(("state", "came"), _negated=True), ("came_on", None), ("worth", "")),
                    _connector="OR",
                ),
                name="rated_once_it_came",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
        Watch("inspection_whistle", personal=["title", "matter_text"]),
        Watch("inspection_whistlecall"),
    ]
