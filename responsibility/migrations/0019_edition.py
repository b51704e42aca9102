"""Room for the editions of provincial packs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0018_dissatisfied")]
    operations = [migrations.AlterField("obligation", "edition", models.CharField(max_length=64))]
