"""What the database itself guarantees beyond constraints: images, acting with a reason, breaches that stay."""

from django.db import migrations

from audit.operations import Watch

ACTING = """
CREATE FUNCTION responsibility_acting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'acting' THEN
        RETURN NEW;
    END IF;
    IF NEW.because = 'absence' AND NOT EXISTS (
        SELECT FROM responsibility_absence b JOIN responsibility_appointment a ON a.id = b.appointment_id
        WHERE b.id = NEW.absence_id AND a.post_id = NEW.post_id
          AND b.since <= NEW.since AND b.until >= coalesce(NEW.until, 'infinity'))
    THEN
        RAISE EXCEPTION 'acting outside the stated absence of the holder of the post'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_within_absence';
    END IF;
    IF NEW.because = 'vacancy' AND EXISTS (
        SELECT FROM responsibility_appointment a
        WHERE a.post_id = NEW.post_id AND a.kind = 'regular'
          AND daterange(a.since, a.until) && daterange(NEW.since, NEW.until))
    THEN
        RAISE EXCEPTION 'acting because of a vacancy while the post is held'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_in_vacancy';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_acting BEFORE INSERT OR UPDATE ON responsibility_appointment
    FOR EACH ROW EXECUTE FUNCTION responsibility_acting();
"""

BREACH_STAYS = """
CREATE FUNCTION responsibility_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a breach stays dated by when it fell due'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'breach_stays';
END $$;
CREATE TRIGGER responsibility_breach_stays BEFORE UPDATE ON responsibility_obligation
    FOR EACH ROW WHEN (OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at)
    EXECUTE FUNCTION responsibility_breach_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log"), ("responsibility", "0001_initial")]
    operations = [
        migrations.RunSQL(ACTING, "DROP FUNCTION responsibility_acting CASCADE"),
        migrations.RunSQL(BREACH_STAYS, "DROP FUNCTION responsibility_breach_stays CASCADE"),
        Watch("responsibility_region"),
        Watch("responsibility_organ"),
        Watch("responsibility_post"),
        Watch("responsibility_appointment"),
        Watch("responsibility_absence"),
        Watch("responsibility_obligation"),
        Watch("responsibility_escalation", personal=["instruction", "skipped"]),
        Watch("responsibility_notice"),
    ]
