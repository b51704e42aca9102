"""Posts have an English name where the register gives one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0010_english_names")]
    operations = [
        migrations.AddField("post", "name_en", models.CharField(max_length=128, blank=True, default="", db_default="")),
    ]
