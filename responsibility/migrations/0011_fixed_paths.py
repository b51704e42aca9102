"""The guards look at the real tables, whatever the session that changes a row puts in front of them."""

from django.db import migrations

FUNCTIONS = (
    "responsibility_acting()",
    "responsibility_breach_stays()",
    "responsibility_successor()",
    "responsibility_absence_changed()",
    "responsibility_take_steps(jsonb)",
)


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0010_erasure")]
    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {function} SET search_path = pg_catalog, public, pg_temp",
            f"ALTER FUNCTION {function} RESET search_path",
        )
        for function in FUNCTIONS
    ]
