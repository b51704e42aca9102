-- What was cleared for publication stays as it was cleared; it is withdrawn or superseded once, and at most erased.
CREATE FUNCTION records_publication_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may_change text[] := ARRAY['opened_at', 'strict_at', 'due_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NULL THEN
            may_change := may_change || ARRAY['state', 'ended_at'];
        END IF;
        IF NEW.content = '' THEN  -- erased; the hash stays
            may_change := may_change || ARRAY['content', 'salt'];
        END IF;
        IF to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what was cleared for publication stays as it was cleared'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_stays';
END $$;

CREATE TRIGGER publication_stays BEFORE UPDATE OR DELETE ON records_publication
FOR EACH ROW WHEN (OLD.result <> '') EXECUTE FUNCTION records_publication_stays();
