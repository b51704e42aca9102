"""The guard looks at the real tables, whatever the session that changes a row puts in front of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("petitions", "0013_erasure")]
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION petitions_represented() SET search_path = pg_catalog, public, pg_temp",
            "ALTER FUNCTION petitions_represented() RESET search_path",
        )
    ]
