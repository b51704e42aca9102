"""The function behind the triggers that keep versions as they are."""

from django.db import migrations

STAYS = """
CREATE FUNCTION records_version_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may_change text[] := TG_ARGV[0];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.until IS NULL THEN
            may_change := may_change || 'until'::text;
        END IF;
        IF NEW.articles IS NULL THEN  -- erased; the digest stays
            may_change := may_change || ARRAY['articles', 'salt'];
        END IF;
        IF to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a version that is in force stays as it is'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_stays';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_imports")]

    operations = [migrations.RunSQL(STAYS, "DROP FUNCTION records_version_stays CASCADE")]
