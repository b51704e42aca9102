-- The function behind the triggers of `keep_versions`: a version that is in force stays as it is.
CREATE FUNCTION records_version_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may_change text[] := TG_ARGV[0];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.until IS NULL THEN
            may_change := may_change || 'until'::text;
        END IF;
        IF NEW.articles IS NULL THEN  -- erased; the digest stays
            may_change := may_change || ARRAY['articles', 'salt'];
        END IF;
        IF to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a version that is in force stays as it is'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_stays';
END $$;

-- The function behind the triggers of `keep_seats`: a seat that is taken stays with its holder.
CREATE FUNCTION records_seat_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'this seat is taken' USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_stays';
END $$;

-- Numbers of records are drawn from it, and from no row that all would wait for.
CREATE SEQUENCE records_number;
