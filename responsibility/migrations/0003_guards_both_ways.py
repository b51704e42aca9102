"""The same promises from the other side: an absence or a successor that comes after whoever acts; a breach deleted."""

from django.db import migrations

SUCCESSOR = """
CREATE FUNCTION responsibility_successor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_appointment a
        WHERE a.post_id = NEW.post_id AND a.kind = 'acting' AND a.because = 'vacancy'
          AND daterange(a.since, a.until) && daterange(NEW.since, NEW.until))
    THEN
        RAISE EXCEPTION 'the post has an acting holder because of a vacancy: end that first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_in_vacancy';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_successor BEFORE INSERT OR UPDATE ON responsibility_appointment
    FOR EACH ROW WHEN (NEW.kind = 'regular') EXECUTE FUNCTION responsibility_successor();
"""

ABSENCE = """
CREATE FUNCTION responsibility_absence_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_appointment a
        WHERE a.absence_id = NEW.id
          AND (a.since < NEW.since OR coalesce(a.until, 'infinity') > NEW.until
               OR NEW.appointment_id <> OLD.appointment_id))
    THEN
        RAISE EXCEPTION 'somebody acts outside the absence as it would be stated: end that first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_within_absence';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_absence_changed BEFORE UPDATE ON responsibility_absence
    FOR EACH ROW EXECUTE FUNCTION responsibility_absence_changed();
"""

BREACH = """
CREATE TRIGGER responsibility_breach_deleted BEFORE DELETE ON responsibility_obligation
    FOR EACH ROW WHEN (OLD.breached_at IS NOT NULL) EXECUTE FUNCTION responsibility_breach_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0002_guards")]
    operations = [
        migrations.RunSQL(SUCCESSOR, "DROP FUNCTION responsibility_successor CASCADE"),
        migrations.RunSQL(ABSENCE, "DROP FUNCTION responsibility_absence_changed CASCADE"),
        migrations.RunSQL(BREACH, "DROP TRIGGER responsibility_breach_deleted ON responsibility_obligation"),
    ]
