import datetime

import django.contrib.postgres.fields
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
            name="Chore",
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
                    models.CharField(choices=[("open", "待跑"), ("done", "跑完")], default="open", max_length=16),
                ),
                ("title", models.CharField(max_length=100)),
                ("salt", audit.columns.SaltField()),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "movers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.PositiveSmallIntegerField()),
                ("goal", models.CharField(max_length=100)),
                ("requirement", models.CharField(max_length=100)),
                ("last_day", models.DateField()),
                ("salt", audit.columns.SaltField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="kinds.chore"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Errand",
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
                    models.CharField(choices=[("open", "待跑"), ("done", "跑完")], default="open", max_length=16),
                ),
                ("title", models.CharField(max_length=100)),
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
                        name="errand_list",
                    ),
                    models.Index(
                        models.F("organ"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="errand_of_organ",
                    ),
                    models.Index(
                        models.F("handler"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        condition=models.Q(("handler__isnull", False)),
                        name="errand_of_handler",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("category__regex", "^(\\d{6})?$")), name="errand_category"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("strict_at"))), name="errand_legal_after_strict"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sealed",
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
                    models.CharField(choices=[("open", "待跑"), ("done", "跑完")], default="open", max_length=16),
                ),
                ("title", models.CharField(max_length=100)),
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
                        name="sealed_list",
                    ),
                    models.Index(
                        models.F("organ"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        name="sealed_of_organ",
                    ),
                    models.Index(
                        models.F("handler"),
                        django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                        ),
                        models.F("id"),
                        condition=models.Q(("handler__isnull", False)),
                        name="sealed_of_handler",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("category__regex", "^(\\d{6})?$")), name="sealed_category"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("strict_at"))), name="sealed_legal_after_strict"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="chore",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="chore_list",
            ),
        ),
        migrations.AddIndex(
            model_name="chore",
            index=models.Index(
                models.F("organ"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                name="chore_of_organ",
            ),
        ),
        migrations.AddIndex(
            model_name="chore",
            index=models.Index(
                models.F("handler"),
                django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC))
                ),
                models.F("id"),
                condition=models.Q(("handler__isnull", False)),
                name="chore_of_handler",
            ),
        ),
        migrations.AddConstraint(
            model_name="chore",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__regex", "^(\\d{6})?$")), name="chore_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="chore",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("strict_at"))), name="chore_legal_after_strict"
            ),
        ),
        Watch("kinds_errand", personal=["title"]),
        Watch("kinds_sealed", personal=["title"]),
        Watch("kinds_chore", personal=["title"]),
        Watch("kinds_step", personal=["goal", "requirement"]),
    ]
