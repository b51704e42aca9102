-- An answer keeps the name that the organ had when it gave it.
CREATE FUNCTION petitions_name_when_answered() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.organ_name := CASE TG_OP WHEN 'UPDATE' THEN OLD.organ_name ELSE (
        SELECT o.name FROM petitions_demand d JOIN responsibility_organ o ON o.id = d.organ_id
        WHERE d.id = NEW.demand_id) END;
    RETURN NEW;
END $$;
CREATE TRIGGER petitions_name_when_answered BEFORE INSERT OR UPDATE OF organ_name
    ON petitions_answer FOR EACH ROW EXECUTE FUNCTION petitions_name_when_answered();
