import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import audit.columns
from audit.operations import Watch


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("responsibility", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("title", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(choices=[("open", "待跑"), ("done", "跑完")], default="open", max_length=16),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("salt", audit.columns.SaltField()),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                ("title", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(choices=[("open", "待跑"), ("done", "跑完")], default="open", max_length=16),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("salt", audit.columns.SaltField()),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="responsibility.organ"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="responsibility.post",
                    ),
                ),
            ],
        ),
        Watch("kinds_errand", personal=["title"]),
        Watch("kinds_sealed", personal=["title"]),
    ]
