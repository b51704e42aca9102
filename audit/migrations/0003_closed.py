"""Fixed paths for the log's functions; events about tables by the owner alone; digests of secrets (0003_closed.sql)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("0003_closed.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_third_party")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]  # what is closed stays closed
