"""Steps up the chain, a batch in one call."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0005_notices")]
    operations = [migrations.RunSQL(SQL)]
