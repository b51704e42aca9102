-- What was missed stays missed.
CREATE FUNCTION responsibility_missed_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a period that was missed stays missed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'missed_stays';
END $$;
CREATE TRIGGER responsibility_missed_stays BEFORE UPDATE OR DELETE ON responsibility_dutyperiod
    FOR EACH ROW WHEN (OLD.state = 'missed') EXECUTE FUNCTION responsibility_missed_stays();
