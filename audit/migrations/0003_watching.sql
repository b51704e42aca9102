-- How a table comes under the log, and stays under it when its columns change.

-- The tables that are watched now, as the triggers themselves say.
CREATE FUNCTION audit_watched() RETURNS TABLE (
    table_name text, rel oid, key text, personal text[], secret text[], enabled boolean
) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.relname::text, c.oid, args[1], args[2]::text[], args[3]::text[], t.tgenabled = 'A' AND EXISTS (
        SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = 'audit_no_truncate' AND g.tgenabled = 'A')
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid,
         string_to_array(encode(t.tgargs, 'escape'), '\000') AS args
    WHERE t.tgfoid = 'public.audit_capture()'::regprocedure
$$;

-- Called after a table's triggers were made, and for every watched table after each migration. When the table's columns are
-- not those that the log last noted, writes an event that says so, and a new image (B) of each row that differs in the
-- changed columns alone: a row that was tampered with elsewhere keeps its old image, and stays visible.
CREATE FUNCTION audit_baseline(rel regclass) RETURNS bigint LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET TimeZone = 'UTC' SET bytea_output = 'hex' SET IntervalStyle = 'postgres' SET extra_float_digits = 1 AS $$
DECLARE
    watch    record;
    columns  jsonb;
    known    jsonb;
    changed  text[];
    event    bigint;
    images   bigint;
BEGIN
    SELECT * INTO STRICT watch FROM audit_watched() w WHERE w.rel = audit_baseline.rel;
    SELECT jsonb_object_agg(a.attname, format_type(a.atttypid, a.atttypmod) || CASE
               WHEN a.attname = ANY (watch.secret) AND a.attname <> 'salt' THEN ', secret, as a digest'
               WHEN a.attname = ANY (watch.secret) THEN ', secret'
               WHEN a.attname = ANY (watch.personal) THEN ', personal' ELSE '' END)
    INTO columns FROM pg_attribute a
    WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped;
    SELECT e.facts -> 'columns' INTO known FROM audit_event e
    WHERE e.subject_kind = 'table' AND e.subject_key = watch.table_name AND e.name <> 'rows_migrated'
    ORDER BY e.id DESC LIMIT 1;
    IF known = columns THEN
        RETURN 0;
    END IF;

    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', rel);
    SELECT array_agg(name) INTO changed FROM jsonb_object_keys(columns || coalesce(known, '{}')) AS name
    WHERE columns -> name IS DISTINCT FROM known -> name;
    event := audit_record_table('table_watched', watch.table_name,
                                jsonb_build_object('columns', columns, 'changed', changed));

    EXECUTE format($q$
        INSERT INTO audit_row (event_id, table_name, row_key, op, image, actor)
        SELECT $1, $2, coalesce(live.row_key, logged.row_key),
               CASE WHEN live.row_key IS NULL THEN 'D' ELSE 'B' END, coalesce(live.image, logged.image), 'migrate'
        FROM (SELECT t.%1$I::text AS row_key,
                     audit_image(to_jsonb(t), (to_jsonb(t) ->> 'salt')::bytea, $3, $4) AS image
              FROM %2$s t) AS live
        FULL JOIN (SELECT * FROM (
                      SELECT DISTINCT ON (r.row_key) r.row_key, r.op, r.image
                      FROM audit_row r WHERE r.table_name = $2 ORDER BY r.row_key, r.id DESC) latest
                   WHERE op <> 'D') AS logged USING (row_key)
        WHERE live.image IS DISTINCT FROM logged.image
          AND ($6 OR live.image - $5 = logged.image - $5)$q$, watch.key, rel)
    USING event, watch.table_name, watch.personal, watch.secret, changed, known IS NULL;
    GET DIAGNOSTICS images = ROW_COUNT;
    PERFORM set_config('massline.event', '', true);  -- what the migration does next is another matter
    RETURN images;
END $$;

REVOKE EXECUTE ON FUNCTION audit_baseline(regclass) FROM PUBLIC;
