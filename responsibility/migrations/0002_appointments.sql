-- Whoever acts for another (代理) acts within the stated absence of the holder, or while the post is vacant. Each promise is
-- kept from both sides: when somebody begins to act, and when the absence or the next holder changes afterwards.
-- Every function looks in the same places, whatever the session that changes a row says.

CREATE FUNCTION responsibility_acting() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind <> 'acting' THEN
        RETURN NEW;
    END IF;
    IF NEW.because = 'absence' AND NOT EXISTS (
        SELECT FROM responsibility_absence b JOIN responsibility_appointment a ON a.id = b.appointment_id
        WHERE b.id = NEW.absence_id AND a.post_id = NEW.post_id
          AND b.since <= NEW.since AND b.until >= coalesce(NEW.until, 'infinity'))
    THEN
        RAISE EXCEPTION 'acting outside the stated absence of the holder of the post'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_within_absence';
    END IF;
    IF NEW.because = 'vacancy' AND EXISTS (
        SELECT FROM responsibility_appointment a
        WHERE a.post_id = NEW.post_id AND a.kind = 'regular'
          AND daterange(a.since, a.until) && daterange(NEW.since, NEW.until))
    THEN
        RAISE EXCEPTION 'acting because of a vacancy while the post is held'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_in_vacancy';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_acting BEFORE INSERT OR UPDATE ON responsibility_appointment
    FOR EACH ROW EXECUTE FUNCTION responsibility_acting();

CREATE FUNCTION responsibility_successor() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_appointment a
        WHERE a.post_id = NEW.post_id AND a.kind = 'acting' AND a.because = 'vacancy'
          AND daterange(a.since, a.until) && daterange(NEW.since, NEW.until))
    THEN
        RAISE EXCEPTION 'the post has an acting holder because of a vacancy: end that first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_in_vacancy';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_successor BEFORE INSERT OR UPDATE ON responsibility_appointment
    FOR EACH ROW WHEN (NEW.kind = 'regular') EXECUTE FUNCTION responsibility_successor();

CREATE FUNCTION responsibility_absence_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM responsibility_appointment a
        WHERE a.absence_id = NEW.id
          AND (a.since < NEW.since OR coalesce(a.until, 'infinity') > NEW.until
               OR NEW.appointment_id <> OLD.appointment_id))
    THEN
        RAISE EXCEPTION 'somebody acts outside the absence as it would be stated: end that first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acting_within_absence';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_absence_changed BEFORE UPDATE ON responsibility_absence
    FOR EACH ROW EXECUTE FUNCTION responsibility_absence_changed();
