-- How a member voted stays as it was written down, but for the erasure of words.
CREATE FUNCTION inspection_vote_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a vote stays as it was written down'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_vote_stays';
END $$;
CREATE TRIGGER decision_vote_stays BEFORE UPDATE ON inspection_vote FOR EACH ROW
    WHEN ((NEW.decision_id, NEW.meeting, NEW.seq, NEW.choice, NEW.said_why)
          IS DISTINCT FROM (OLD.decision_id, OLD.meeting, OLD.seq, OLD.choice, OLD.said_why))
    EXECUTE FUNCTION inspection_vote_stays();
