"""The function behind the triggers that keep a seat for its holder."""

from django.db import migrations

STAYS = """
CREATE FUNCTION records_seat_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'this seat is taken' USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_stays';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0007_versions")]

    operations = [migrations.RunSQL(STAYS, "DROP FUNCTION records_seat_stays CASCADE")]
