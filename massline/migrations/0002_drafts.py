"""Drafts: what was typed and not sent, sealed for the browser in which it was typed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("massline", "0001_counts")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("browser", models.BinaryField()),
                ("address", models.CharField(max_length=300)),
                ("owner", models.CharField(blank=True, max_length=40)),
                ("sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="draft_saved_at")],
                "constraints": [models.UniqueConstraint(fields=("browser", "address", "owner"), name="draft_once")],
            },
        )
    ]
