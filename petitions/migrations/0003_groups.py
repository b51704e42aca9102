"""No more representatives than people (第二十条)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_search")]
    operations = [migrations.RunSQL(SQL)]
