-- Pool, size and seed of a draw stay as they were locked; the seed is the one whose hash was put on record.
ALTER TABLE inspection_draw ADD CONSTRAINT draw_seed
    CHECK (seed ~ '^[0-9a-f]{64}$' AND seed_hash = encode(sha256(decode(seed, 'hex')), 'hex'));

CREATE FUNCTION inspection_draw_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a draw stays as it was locked'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_stays';
END $$;
CREATE TRIGGER draw_stays BEFORE UPDATE ON inspection_draw FOR EACH ROW
    WHEN ((NEW.size, NEW.pool_hash, NEW.seed_hash, NEW.seed)
          IS DISTINCT FROM (OLD.size, OLD.pool_hash, OLD.seed_hash, OLD.seed))
    EXECUTE FUNCTION inspection_draw_stays();
CREATE TRIGGER draw_entry_stays BEFORE UPDATE ON inspection_drawentry FOR EACH ROW
    WHEN ((NEW.draw_id, NEW.number) IS DISTINCT FROM (OLD.draw_id, OLD.number) OR OLD.drawn)
    EXECUTE FUNCTION inspection_draw_stays();
CREATE TRIGGER draw_entry_stays_there BEFORE DELETE ON inspection_drawentry FOR EACH ROW
    EXECUTE FUNCTION inspection_draw_stays();
