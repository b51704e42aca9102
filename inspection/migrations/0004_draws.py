"""Draws (抽查) of what is looked at again."""

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
DROP FUNCTION inspection_draw_stays CASCADE;
ALTER TABLE inspection_draw DROP CONSTRAINT draw_seed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0003_inspections"),
        ("responsibility", "0011_english_post_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
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
                        choices=[("locked", "已锁定，待揭晓"), ("drawn", "已抽定")], default="locked", max_length=16
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("size", models.PositiveSmallIntegerField()),
                ("pool_hash", models.CharField(max_length=64)),
                ("seed_hash", models.CharField(max_length=64)),
                ("seed", models.CharField(max_length=64)),
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
            name="DrawEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24)),
                ("drawn", models.BooleanField(default=False)),
                (
                    "draw",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="inspection.draw",
                    ),
                ),
            ],
            options={
                "ordering": ("draw", "number"),
            },
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="draw_list",
            ),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="draw_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="draw_of_handler",
            ),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(fields=["-received_at", "-id"], name="draw_received"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="draw_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="draw_legal_after_strict"
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["locked", "drawn"])), name="draw_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(condition=models.Q(("size__range", (1, 500))), name="draw_size"),
        ),
        migrations.AddConstraint(
            model_name="drawentry",
            constraint=models.UniqueConstraint(fields=("draw", "number"), name="draw_entry_once"),
        ),
        migrations.RunSQL(SQL, UNDO),
        Watch("inspection_draw", personal=["title"], secret=["seed"]),
        Watch("inspection_drawentry"),
    ]
