-- A secret column leaves a fingerprint in the image, so that one that was changed behind the log's back is found.
-- Secrets are random or hashed already (keys, tokens, password hashes): nobody guesses the value that a fingerprint is of.
-- The salt itself leaves none: with another salt every personal value has another fingerprint.
CREATE OR REPLACE FUNCTION audit_image(live jsonb, salt bytea, personal text[], secret text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name  text;
    value text;
    image jsonb := CASE WHEN 'salt' = ANY (secret) THEN live - 'salt' ELSE live END;
BEGIN
    FOREACH name IN ARRAY personal || array_remove(secret, 'salt') LOOP
        value := live ->> name;
        IF value NOT IN ('', '\x') THEN
            image := jsonb_set(image, ARRAY[name], jsonb_build_object('sha256', encode(sha256(
                CASE WHEN name = ANY (personal) THEN salt ELSE coalesce(salt, '') END || convert_to(value, 'UTF8')),
                'hex')));
        END IF;
    END LOOP;
    RETURN image;
END $$;

-- As before, but that a column of secrets is noted with its fingerprint: the next call images these columns anew.
CREATE OR REPLACE FUNCTION audit_baseline(rel regclass) RETURNS bigint LANGUAGE plpgsql
SET search_path = public, pg_catalog, pg_temp
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
               WHEN a.attname = ANY (watch.secret) THEN CASE a.attname WHEN 'salt' THEN ', secret' ELSE ', secret by fingerprint' END
               WHEN a.attname = ANY (watch.personal) THEN ', personal' ELSE '' END)
    INTO columns FROM pg_attribute a
    WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped;
    SELECT e.facts -> 'columns' INTO known FROM audit_event e
    WHERE e.subject_kind = 'table' AND e.subject_key = watch.table_name ORDER BY e.id DESC LIMIT 1;
    IF known = columns THEN
        RETURN 0;
    END IF;

    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', rel);
    SELECT array_agg(name) INTO changed FROM jsonb_object_keys(columns || coalesce(known, '{}')) AS name
    WHERE columns -> name IS DISTINCT FROM known -> name;
    event := audit_record('table_watched', false, 'table', watch.table_name, 'system', '', 'migrate', '', '',
                          jsonb_build_object('table', watch.table_name, 'columns', columns, 'changed', changed), '');

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
