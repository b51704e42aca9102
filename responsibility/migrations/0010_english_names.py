"""Regions and organs have an English name where the register gives one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0009_recurring")]
    operations = [
        migrations.AddField(
            "region", "name_en", models.CharField(max_length=128, blank=True, default="", db_default="")
        ),
        migrations.AddField(
            "organ", "name_en", models.CharField(max_length=128, blank=True, default="", db_default="")
        ),
    ]
