-- A breach stays dated by when it fell due, and is not deleted with its obligation.
CREATE FUNCTION responsibility_breach_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a breach stays dated by when it fell due'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'breach_stays';
END $$;
CREATE TRIGGER responsibility_breach_stays BEFORE UPDATE ON responsibility_obligation
    FOR EACH ROW WHEN (OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at)
    EXECUTE FUNCTION responsibility_breach_stays();
CREATE TRIGGER responsibility_breach_deleted BEFORE DELETE ON responsibility_obligation
    FOR EACH ROW WHEN (OLD.breached_at IS NOT NULL) EXECUTE FUNCTION responsibility_breach_stays();

-- What has ended, and what has climbed, keeps the name that its organ had on that day.
CREATE FUNCTION responsibility_name_when_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.closed_at IS NULL THEN
        NEW.organ_name := '';
    ELSIF TG_OP = 'UPDATE' AND OLD.closed_at IS NOT NULL THEN
        NEW.organ_name := OLD.organ_name;
    ELSE
        NEW.organ_name := (SELECT name FROM responsibility_organ WHERE id = NEW.organ_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_name_when_ended BEFORE INSERT OR UPDATE OF closed_at, organ_name
    ON responsibility_obligation FOR EACH ROW EXECUTE FUNCTION responsibility_name_when_ended();

CREATE FUNCTION responsibility_name_when_climbed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.organ_name := CASE TG_OP WHEN 'UPDATE' THEN OLD.organ_name
                      ELSE (SELECT name FROM responsibility_organ WHERE id = NEW.organ_id) END;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_name_when_climbed BEFORE INSERT OR UPDATE OF organ_name
    ON responsibility_escalation FOR EACH ROW EXECUTE FUNCTION responsibility_name_when_climbed();
