-- Closes what the application's role could use against the log, and lets the log see that a secret column has changed.

-- Every function looks in the same places, whatever the session that calls it says: PostgreSQL's own names, then ours,
-- then what is temporary.
ALTER FUNCTION audit_refuse() SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION audit_close(regclass) SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION audit_ensure_partitions() SET search_path = pg_catalog, public, pg_temp;

-- One more part of the log. TRUNCATE names parts one by one, so each has its own guard.
CREATE OR REPLACE FUNCTION audit_add_partition(log text, part text, bounds text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, log);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I %s', log, part, bounds);
    PERFORM audit_close(part::regclass);
    EXECUTE format('CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER audit_append_only', part);
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER audit_no_truncate', part);
END $$;

-- The only way for the application to write an event. It becomes the event of the row images that follow in this
-- transaction. What the log says of tables it believes itself (audit_baseline, `audit verify`), so nobody writes that here.
CREATE OR REPLACE FUNCTION audit_record(
    name text, public boolean, subject_kind text, subject_key text,
    actor_kind text, actor_key text, actor_label text, acted_for text,
    reason text, facts jsonb, request_id text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    event bigint;
BEGIN
    IF audit_record.subject_kind = 'table' OR audit_record.name IN ('table_watched', 'table_unwatched', 'rows_migrated') THEN
        RAISE EXCEPTION 'an event about a table is the owner''s to write'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.audit_event (name, public, subject_kind, subject_key, actor_kind, actor_key, actor_label,
                                    acted_for, reason, facts, request_id)
    VALUES (audit_record.name, audit_record.public, audit_record.subject_kind, audit_record.subject_key,
            audit_record.actor_kind, audit_record.actor_key, audit_record.actor_label,
            audit_record.acted_for, audit_record.reason, audit_record.facts, audit_record.request_id)
    RETURNING id INTO event;
    PERFORM set_config('massline.event', event::text, true),
            set_config('massline.actor', coalesce(nullif(audit_record.actor_key, ''), audit_record.actor_kind), true);
    RETURN event;
END $$;

-- What happened to a table as such: by its owner, in migrations.
CREATE OR REPLACE FUNCTION audit_record_table(name text, table_name text, facts jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    event bigint;
BEGIN
    INSERT INTO public.audit_event (name, public, subject_kind, subject_key, actor_kind, actor_label, facts)
    VALUES (audit_record_table.name, false, 'table', audit_record_table.table_name, 'system', 'migrate',
            jsonb_build_object('table', audit_record_table.table_name) || audit_record_table.facts)
    RETURNING id INTO event;
    PERFORM set_config('massline.event', event::text, true), set_config('massline.actor', 'system', true);
    RETURN event;
END $$;
REVOKE EXECUTE ON FUNCTION audit_record_table(text, text, jsonb) FROM PUBLIC;

-- What the log keeps of a row: plain columns by value; of a personal one only sha256(salt || value); of a secret one too,
-- so that a password's hash or a wrapped key that is exchanged behind the log's back is seen. A secret is random or the
-- hash of something with a random salt of its own, so its digest gives nothing away; the salt itself has none.
-- NULL and the empty string hide nothing and stand as themselves (a secret: not at all), so a row whose salt was erased
-- still has an image.
CREATE OR REPLACE FUNCTION audit_image(live jsonb, salt bytea, personal text[], secret text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name  text;
    value text;
    image jsonb := live - secret;
BEGIN
    FOREACH name IN ARRAY personal LOOP
        value := live ->> name;
        IF value NOT IN ('', '\x') THEN
            image := jsonb_set(image, ARRAY[name], jsonb_build_object(
                'sha256', encode(sha256(salt || convert_to(value, 'UTF8')), 'hex')));
        END IF;
    END LOOP;
    FOREACH name IN ARRAY secret LOOP
        value := live ->> name;
        IF value NOT IN ('', '\x') AND name <> 'salt' THEN
            image := jsonb_set(image, ARRAY[name], jsonb_build_object(
                'sha256', encode(sha256(coalesce(salt, '') || convert_to(value, 'UTF8')), 'hex')));
        END IF;
    END LOOP;
    RETURN image;
END $$;

-- Called after a table's triggers were made, and for every watched table after each migration. When the table's columns are
-- not those that the log last noted, writes an event that says so, and a new image (B) of each row that differs in the
-- changed columns alone: a row that was tampered with elsewhere keeps its old image, and stays visible.
CREATE OR REPLACE FUNCTION audit_baseline(rel regclass) RETURNS bigint LANGUAGE plpgsql
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
