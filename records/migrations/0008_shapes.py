"""What the shapes of records need: versions, seats, numbers."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("records", "0007_imports")]
    operations = [migrations.RunSQL(SQL)]
