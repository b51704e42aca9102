"""Fixed paths for the log's functions; events about tables by the owner alone (0004_closed.sql)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("0004_closed.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_fingerprints")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]  # what is closed stays closed
