"""Secret columns leave a fingerprint in the log (0003_fingerprints.sql)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_third_party")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
