-- Nobody represents more people than there are (《信访工作条例》第二十条).
CREATE FUNCTION petitions_represented() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'petitions_representative' THEN
        -- Locked, so that nobody lowers the number of persons meanwhile.
        IF NEW.seq <= (SELECT p.persons FROM petitions_petition p WHERE p.id = NEW.petition_id FOR SHARE) THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (SELECT FROM petitions_representative r WHERE r.petition_id = NEW.id AND r.seq > NEW.persons) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'more representatives than persons'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_representatives_than_persons';
END $$;
CREATE TRIGGER petitions_represented BEFORE INSERT OR UPDATE OF seq, petition_id ON petitions_representative
    FOR EACH ROW EXECUTE FUNCTION petitions_represented();
CREATE TRIGGER petitions_represented BEFORE UPDATE OF persons ON petitions_petition
    FOR EACH ROW EXECUTE FUNCTION petitions_represented();
