-- No group has more representatives than people (《信访工作条例》第二十条).
CREATE FUNCTION petitions_represented() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'citizens_representative' THEN
        -- Locked, so that the number of people is not lowered meanwhile. What comes before its petition is compared with
        -- it when that is inserted.
        IF NEW.seq <= coalesce(
            (SELECT p.persons FROM petitions_petition p WHERE p.filing_id = NEW.filing_id FOR SHARE), NEW.seq
        ) THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM citizens_representative r WHERE r.filing_id = NEW.filing_id AND r.seq > NEW.persons
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'more representatives than persons'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_representatives_than_persons';
END $$;
CREATE TRIGGER petitions_represented BEFORE INSERT OR UPDATE OF seq, filing_id ON citizens_representative
    FOR EACH ROW EXECUTE FUNCTION petitions_represented();
CREATE TRIGGER petitions_represented BEFORE INSERT OR UPDATE OF persons ON petitions_petition
    FOR EACH ROW EXECUTE FUNCTION petitions_represented();
