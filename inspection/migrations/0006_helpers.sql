-- The lead of a task is no helper of it.
CREATE FUNCTION inspection_helper_is_not_lead() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.helper_id = (SELECT organ_id FROM inspection_task WHERE id = NEW.task_id) THEN
        RAISE EXCEPTION 'the lead of a task is named as its helper'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'helper_is_not_lead';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER helper_is_not_lead BEFORE INSERT OR UPDATE OF helper_id, task_id ON inspection_milestone
    FOR EACH ROW WHEN (NEW.helper_id IS NOT NULL) EXECUTE FUNCTION inspection_helper_is_not_lead();

-- Whoever owes an item goes on owing it: a help is not shifted to another organ, nor a milestone to a helper.
CREATE FUNCTION inspection_help_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an item stays with the organ that owes it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'help_stays';
END $$;
CREATE TRIGGER help_stays BEFORE UPDATE OF helper_id ON inspection_milestone
    FOR EACH ROW WHEN (OLD.helper_id IS DISTINCT FROM NEW.helper_id)
    EXECUTE FUNCTION inspection_help_stays();
