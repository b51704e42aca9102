-- The scope of a cleanup is frozen: as many regulations as it began with, and each the same one.
CREATE FUNCTION institutions_cleanup_scope() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.cleanup_id, NEW.item, NEW.regulation_id)
        IS DISTINCT FROM (OLD.cleanup_id, OLD.item, OLD.regulation_id)
       OR NEW.item NOT BETWEEN 1 AND (SELECT size FROM institutions_cleanup WHERE id = NEW.cleanup_id)
    THEN
        RAISE EXCEPTION 'the scope of a cleanup stays as it began'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cleanup_scope_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cleanup_scope_frozen BEFORE INSERT OR UPDATE ON institutions_cleanupitem
    FOR EACH ROW EXECUTE FUNCTION institutions_cleanup_scope();

CREATE FUNCTION institutions_cleanup_size() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the scope of a cleanup stays as it began'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cleanup_scope_frozen';
END $$;
CREATE TRIGGER cleanup_size_frozen BEFORE UPDATE OF size ON institutions_cleanup FOR EACH ROW
    WHEN (NEW.size <> OLD.size) EXECUTE FUNCTION institutions_cleanup_size();
