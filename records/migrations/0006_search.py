"""The functions that searching goes by (records/search_index.py)."""

from pathlib import Path

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("records", "0005_saved_filters")]
    operations = [BtreeGinExtension(), migrations.RunSQL(SQL)]
