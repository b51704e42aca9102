"""An answer keeps the name that the organ had when it gave it."""

from django.db import migrations, models

from audit.operations import Explain

GIVEN = """
CREATE FUNCTION petitions_name_when_answered() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.organ_name := CASE TG_OP WHEN 'UPDATE' THEN OLD.organ_name ELSE (
        SELECT o.name FROM petitions_demand d JOIN responsibility_organ o ON o.id = d.organ_id
        WHERE d.id = NEW.demand_id) END;
    RETURN NEW;
END $$;
CREATE TRIGGER petitions_name_when_answered BEFORE INSERT OR UPDATE OF organ_name
    ON petitions_answer FOR EACH ROW EXECUTE FUNCTION petitions_name_when_answered();
"""
# The event of the answer has the name of its day; an answer that was taken over from an old ledger has no event.
FILL = """
UPDATE petitions_answer a SET organ_name = coalesce(
    (SELECT e.facts ->> 'organ' FROM audit_event e
     WHERE e.subject_kind = 'petition' AND e.subject_key = p.number AND e.name = 'answered'
       AND (e.facts ->> 'at')::timestamptz = a.answered_at ORDER BY e.id LIMIT 1), o.name)
FROM petitions_demand d
JOIN petitions_petition p ON p.id = d.petition_id
JOIN responsibility_organ o ON o.id = d.organ_id
WHERE d.id = a.demand_id
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0016_declining"), ("audit", "0001_log"), ("responsibility", "0015_recomputation")]
    operations = [
        migrations.AddField(
            "answer", "organ_name", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        Explain("petitions_answer"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GIVEN, "DROP FUNCTION petitions_name_when_answered CASCADE"),
    ]
