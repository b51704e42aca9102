-- The day that was ordered lies after the day of the order, in Shanghai; later it is only postponed.
ALTER TABLE inspection_task ADD CONSTRAINT task_ordered_for_later
    CHECK (first_due_on > (received_at AT TIME ZONE 'Asia/Shanghai')::date);

-- A milestone lies within its task's period, and one that was reached stays so, but for its erasure.
CREATE FUNCTION inspection_milestone_in_time() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.last_day > (SELECT due_on FROM inspection_task WHERE id = NEW.task_id) THEN
        RAISE EXCEPTION 'a milestone lies after its task''s last day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'milestone_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER milestone_in_time BEFORE INSERT OR UPDATE OF last_day, task_id ON inspection_milestone
    FOR EACH ROW EXECUTE FUNCTION inspection_milestone_in_time();

CREATE FUNCTION inspection_milestone_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was reached stays reached'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'milestone_stays';
END $$;
CREATE TRIGGER milestone_stays BEFORE UPDATE ON inspection_milestone FOR EACH ROW
    WHEN (OLD.done_at IS NOT NULL AND (NEW.done_at, NEW.done_by_id, NEW.days, NEW.last_day)
          IS DISTINCT FROM (OLD.done_at, OLD.done_by_id, OLD.days, OLD.last_day))
    EXECUTE FUNCTION inspection_milestone_stays();
