-- The steps of a batch in one call: each with its event first, then what the event explains.
CREATE FUNCTION responsibility_take_steps(given jsonb) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    s record;
BEGIN
    FOR s IN SELECT * FROM jsonb_to_recordset(given) AS s (
        event jsonb, escalation_id bigint, obligation_id bigint, step text, organ_id bigint,
        since timestamptz, noticed_at timestamptz, skipped jsonb, state text, notices jsonb, owed jsonb,
        breached_at timestamptz, next_step text, next_at timestamptz)
    LOOP
        PERFORM audit_record(s.event ->> 0, (s.event ->> 1)::boolean, s.event ->> 2, s.event ->> 3, s.event ->> 4,
                             s.event ->> 5, s.event ->> 6, s.event ->> 7, s.event ->> 8,
                             (s.event ->> 9)::jsonb, s.event ->> 10);
        INSERT INTO responsibility_escalation
            (id, obligation_id, step, organ_id, since, noticed_at, skipped, state, instruction)
        VALUES (s.escalation_id, s.obligation_id, s.step, s.organ_id, s.since, s.noticed_at, s.skipped, s.state, '');
        INSERT INTO responsibility_notice
            (recipient_id, post_id, kind, subject_kind, subject_key, merge_key, obligation_id, escalation_id, told_at)
        SELECT n.recipient_id, n.post_id, n.kind, n.subject_kind, n.subject_key, coalesce(n.merge_key, ''),
               n.obligation_id, n.escalation_id, s.noticed_at
        FROM jsonb_to_recordset(s.notices) AS n (
            recipient_id bigint, post_id bigint, kind text, subject_kind text, subject_key text, merge_key text,
            obligation_id bigint, escalation_id bigint)
        ON CONFLICT DO NOTHING;
        IF s.owed IS NOT NULL THEN
            INSERT INTO responsibility_obligation
                (subject_kind, subject_id, subject_key, rule, edition, goal, requirement, organ_id, post_id,
                 escalation_id, opened_at, days, extended_days, strict_at, due_at, provisional, calendar,
                 calendar_checked, outcome, next_step, next_at)
            SELECT subject_kind, subject_id, subject_key, rule, edition, goal, requirement, organ_id, post_id,
                   escalation_id, opened_at, days, extended_days, strict_at, due_at, provisional, calendar,
                   calendar_checked, outcome, next_step, next_at
            FROM jsonb_populate_recordset(NULL::responsibility_obligation, s.owed);
        END IF;
        UPDATE responsibility_obligation
        SET breached_at = s.breached_at, next_step = s.next_step, next_at = s.next_at
        WHERE id = s.obligation_id;
    END LOOP;
END $$;
