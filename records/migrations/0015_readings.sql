-- The indexes over the function are made anew: an index remembers what the function said before.
DO $$
DECLARE
    old regclass;
BEGIN
    FOR old IN
        SELECT DISTINCT objid::regclass
        FROM pg_depend
        JOIN pg_index ON indexrelid = objid
        WHERE classid = 'pg_class'::regclass
          AND refclassid = 'pg_proc'::regclass
          AND refobjid = 'records_sounds(text)'::regprocedure
    LOOP
        EXECUTE format('REINDEX INDEX %s', old);
    END LOOP;
END
$$;
