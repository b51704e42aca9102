-- What was handed over stays so.
CREATE FUNCTION petitions_stays_sealed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.sealed AND (OLD.state <> 'transferred' OR NEW.state = 'transferred') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an accusation that was handed over stays so'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'stays_handed_over';
END $$;
CREATE TRIGGER petitions_stays_sealed BEFORE UPDATE OF sealed, state ON petitions_demand
    FOR EACH ROW WHEN (OLD.sealed) EXECUTE FUNCTION petitions_stays_sealed();

-- A line of the register stays as it is, but for what its next step adds.
CREATE FUNCTION petitions_line_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    may_change text[] := ARRAY['sealed', 'sealed_files'];
BEGIN
    -- What was sealed is at most erased; a line that is done changes in nothing else.
    IF OLD.sealed IS NOT NULL AND NEW.sealed IS DISTINCT FROM OLD.sealed AND NEW.sealed IS NOT NULL THEN
        RAISE EXCEPTION 'what is sealed stays sealed' USING ERRCODE = 'check_violation', CONSTRAINT = 'line_stays';
    END IF;
    IF OLD.state = 'sent' THEN
        may_change := may_change || ARRAY['state', 'receipt_number', 'receipt_on', 'receipt_by_id', 'receipt_at'];
    END IF;
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'a line of the register stays as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'line_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petitions_line_stays BEFORE UPDATE ON petitions_transfer
    FOR EACH ROW EXECUTE FUNCTION petitions_line_stays();
