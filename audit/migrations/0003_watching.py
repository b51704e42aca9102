"""How a table comes under the log."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_capture")]
    operations = [migrations.RunSQL(SQL)]
