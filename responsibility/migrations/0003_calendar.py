"""Arrangements of holidays (节假日安排), in versions."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone

from audit.operations import Explain, Watch
from responsibility.calendar import shipped, year_of

SOURCE = "国务院办公厅关于{}年部分节假日安排的通知（随程序提供）"


def load_shipped(apps: Any, schema_editor: Any) -> None:
    """A new database begins with the arrangements that come with the program, as version 1."""
    using, now = schema_editor.connection.alias, timezone.now()
    arrangements, days = (apps.get_model("responsibility", name) for name in ("Arrangement", "ArrangedDay"))
    of_year = {}
    for day, fact in shipped().arranged.items():
        year = year_of(day, fact.name)
        if year not in of_year:
            of_year[year] = arrangements(version=1, year=year, source=SOURCE.format(year), loaded_at=now)
            of_year[year].save(using=using)
        days(arrangement=of_year[year], day=day, name=fact.name, off=fact.off).save(using=using)


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0002_appointments")]
    operations = [
        migrations.CreateModel(
            name="Arrangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=200)),
                (
                    "loaded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
                    ),
                ),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["version", "year"], name="year_once_a_version"),
                    models.CheckConstraint(condition=Q(version__gte=1), name="version_counts_from_one"),
                    models.CheckConstraint(condition=~Q(source=""), name="arrangement_has_its_source"),
                ]
            },
        ),
        migrations.CreateModel(
            name="ArrangedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "arrangement",
                    models.ForeignKey(
                        "responsibility.arrangement", models.PROTECT, related_name="days", db_index=False
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(max_length=64)),
                ("off", models.BooleanField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["arrangement", "day"], name="day_once_an_arrangement")]
            },
        ),
        Watch("responsibility_arrangement"),
        Watch("responsibility_arrangedday"),
        Explain("responsibility_arrangement"),
        migrations.RunPython(load_shipped),
    ]
