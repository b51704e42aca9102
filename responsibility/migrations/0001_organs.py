"""Regions, organs with their duties, and posts."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from django.db.models import F, Q

from audit.operations import Watch
from responsibility.models.organs import ArePrefixes, DateRange

KINDS = [("committee", "党委、政府"), ("department", "部门"), ("township", "乡镇、街道")]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0003_watching")]
    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=64)),
                (
                    "parent",
                    models.ForeignKey(
                        "responsibility.region", models.PROTECT, blank=True, null=True, related_name="children"
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(code__regex=r"^\d{6,12}$"), name="region_code")]
            },
        ),
        migrations.CreateModel(
            name="Organ",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=64)),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("region", models.ForeignKey("responsibility.region", models.PROTECT, related_name="organs")),
                (
                    "parent",
                    models.ForeignKey(
                        "responsibility.organ", models.PROTECT, blank=True, null=True, related_name="children"
                    ),
                ),
                ("valid_from", models.DateField(default=date(2000, 1, 1))),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "successor",
                    models.ForeignKey(
                        "responsibility.organ", models.PROTECT, blank=True, null=True, related_name="predecessors"
                    ),
                ),
                ("address", models.CharField(max_length=128, blank=True, default="")),
                ("telephone", models.CharField(max_length=64, blank=True, default="")),
                ("hours", models.CharField(max_length=128, blank=True, default="")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=[code for code, _ in KINDS]), name="organ_kind"),
                    models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="organ_dates"),
                    models.CheckConstraint(condition=~Q(parent=F("id")), name="organ_not_its_own_parent"),
                    models.CheckConstraint(condition=~Q(successor=F("id")), name="organ_not_its_own_successor"),
                    models.CheckConstraint(
                        condition=Q(successor=None) | Q(valid_until__isnull=False), name="successor_of_an_ended_organ"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="OrganDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="duties")),
                ("duty", models.CharField(max_length=32)),
                ("region", models.ForeignKey("responsibility.region", models.PROTECT, related_name="duties")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    ExclusionConstraint(
                        expressions=[("duty", "="), ("region", "="), (DateRange("since", "until"), "&&")],
                        name="one_organ_a_duty",
                    ),
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="organ_duty_dates"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organ", models.ForeignKey("responsibility.organ", models.PROTECT, related_name="posts")),
                ("name", models.CharField(max_length=64)),
                ("is_top", models.BooleanField(default=False)),
                ("is_intake", models.BooleanField(default=False)),
                (
                    "in_charge_of",
                    ArrayField(
                        blank=True, default=list, base_field=models.CharField(max_length=6, blank=True), size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["organ", "name"], name="post_name_in_organ"),
                    models.CheckConstraint(condition=ArePrefixes("in_charge_of"), name="post_class_prefixes"),
                ]
            },
        ),
        Watch("responsibility_region"),
        Watch("responsibility_organ"),
        Watch("responsibility_organduty"),
        Watch("responsibility_post"),
    ]
