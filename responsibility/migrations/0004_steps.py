"""A whole batch of steps up the chain in one statement; each step still has its own event, before its own rows."""

from django.db import migrations

TAKE_STEP = """
CREATE FUNCTION responsibility_take_step(given jsonb) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    e jsonb := given -> 'event';
BEGIN
    PERFORM audit_record(e ->> 0, (e ->> 1)::boolean, e ->> 2, e ->> 3, e ->> 4, e ->> 5, e ->> 6, e ->> 7, e ->> 8,
                         (e ->> 9)::jsonb, e ->> 10);
    INSERT INTO responsibility_escalation
        (id, obligation_id, step, organ_id, since, noticed_at, skipped, state, instruction)
    SELECT id, obligation_id, step, organ_id, since, noticed_at, skipped, state, instruction
    FROM jsonb_populate_record(NULL::responsibility_escalation, given -> 'escalation');
    INSERT INTO responsibility_notice
        (recipient_id, post_id, kind, subject_kind, subject_key, obligation_id, escalation_id, told_at)
    SELECT recipient_id, post_id, kind, subject_kind, subject_key, obligation_id, escalation_id, told_at
    FROM jsonb_populate_recordset(NULL::responsibility_notice, given -> 'notices')
    ON CONFLICT DO NOTHING;
    IF given -> 'owed' <> '[]' THEN
        INSERT INTO responsibility_obligation
            (subject_kind, subject_id, subject_key, rule, edition, goal, requirement, organ_id, post_id, escalation_id,
             opened_at, days, extended_days, strict_at, due_at, provisional, outcome, next_step, next_at)
        SELECT subject_kind, subject_id, subject_key, rule, edition, goal, requirement, organ_id, post_id, escalation_id,
               opened_at, days, extended_days, strict_at, due_at, provisional, outcome, next_step, next_at
        FROM jsonb_populate_recordset(NULL::responsibility_obligation, given -> 'owed');
    END IF;
    UPDATE responsibility_obligation o
    SET breached_at = n.breached_at, next_step = n.next_step, next_at = n.next_at
    FROM jsonb_populate_record(NULL::responsibility_obligation, given -> 'obligation') n
    WHERE o.id = n.id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0003_guards_both_ways")]
    operations = [migrations.RunSQL(TAKE_STEP, "DROP FUNCTION responsibility_take_step")]
