"""What has ended, and what has climbed, keeps the name that its organ had on that day."""

from django.db import migrations, models

from audit.operations import Explain

ENDED = """
CREATE FUNCTION responsibility_name_when_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.closed_at IS NULL THEN
        NEW.organ_name := '';
    ELSIF TG_OP = 'UPDATE' AND OLD.closed_at IS NOT NULL THEN
        NEW.organ_name := OLD.organ_name;
    ELSE
        NEW.organ_name := (SELECT name FROM responsibility_organ WHERE id = NEW.organ_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_name_when_ended BEFORE INSERT OR UPDATE OF closed_at, organ_name
    ON responsibility_obligation FOR EACH ROW EXECUTE FUNCTION responsibility_name_when_ended();
"""
CLIMBED = """
CREATE FUNCTION responsibility_name_when_climbed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.organ_name := CASE TG_OP WHEN 'UPDATE' THEN OLD.organ_name
                      ELSE (SELECT name FROM responsibility_organ WHERE id = NEW.organ_id) END;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_name_when_climbed BEFORE INSERT OR UPDATE OF organ_name
    ON responsibility_escalation FOR EACH ROW EXECUTE FUNCTION responsibility_name_when_climbed();
"""
# What there is already keeps today's name: what it was called before is not known any more.
FILL = """
UPDATE responsibility_{table} t SET organ_name = o.name FROM responsibility_organ o WHERE o.id = t.organ_id {only}
"""


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0015_recomputation"), ("audit", "0001_log")]
    operations = [
        migrations.AddField(
            "obligation", "organ_name", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.AddField(
            "escalation", "organ_name", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        Explain("responsibility_obligation"),
        migrations.RunSQL(FILL.format(table="obligation", only="AND t.closed_at IS NOT NULL"), migrations.RunSQL.noop),
        migrations.RunSQL(FILL.format(table="escalation", only=""), migrations.RunSQL.noop),
        migrations.RunSQL(ENDED, "DROP FUNCTION responsibility_name_when_ended CASCADE"),
        migrations.RunSQL(CLIMBED, "DROP FUNCTION responsibility_name_when_climbed CASCADE"),
    ]
