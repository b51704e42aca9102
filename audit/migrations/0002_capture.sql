-- What alone writes the log: one function for events, one trigger for the images of rows.

-- What the log keeps of a row: plain columns by value; of a personal one only sha256(salt || value); of a secret one too,
-- so that a password's hash or a wrapped key that is exchanged behind the log's back is seen. A secret is random or the
-- hash of something with a random salt of its own, so its digest gives nothing away; the salt itself has none.
-- NULL and the empty string hide nothing and stand as themselves (a secret: not at all), so a row whose salt was erased
-- still has an image.
CREATE FUNCTION audit_image(live jsonb, salt bytea, personal text[], secret text[]) RETURNS jsonb
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

-- The columns of an image that another one does not have, or has otherwise.
CREATE FUNCTION audit_changed(was jsonb, image jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(was) WHERE value IS DISTINCT FROM image -> key
$$;

-- The row trigger's arguments: name of the key column, personal columns, secret columns.
-- Settings that change how a value looks as text are fixed, so that an image never depends on the session that wrote it.
-- (The generic plan: else the look-up of the event is planned anew for every row, at a cost greater than all the rest.)
CREATE FUNCTION audit_capture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC' SET bytea_output = 'hex' SET IntervalStyle = 'postgres' SET extra_float_digits = 1
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    personal text[] := TG_ARGV[1];
    secret   text[] := TG_ARGV[2];
    doer     text := nullif(current_setting('massline.actor', true), '');
    claimed  bigint := nullif(current_setting('massline.event', true), '');
    event    bigint;
    name     text;
    before   jsonb;
    live     jsonb;
    image    jsonb;
    was      jsonb;
    secrets  text[];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD *= NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        before := to_jsonb(OLD);
        was := public.audit_image(before, (before ->> 'salt')::bytea, personal, secret);
    END IF;
    live := CASE WHEN TG_OP = 'DELETE' THEN before ELSE to_jsonb(NEW) END;
    image := CASE WHEN TG_OP = 'DELETE' THEN was
                  ELSE public.audit_image(live, (live ->> 'salt')::bytea, personal, secret) END;
    IF TG_OP <> 'DELETE' THEN
        IF personal <> '{}' AND live ->> 'salt' IS NULL AND image @? '$.*.sha256 ? (@ == null)' THEN
            RAISE EXCEPTION 'a row of % with personal values needs its salt', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
        FOREACH name IN ARRAY secret LOOP
            IF live -> name <> coalesce(before -> name, 'null') THEN
                secrets := secrets || name;
            END IF;
        END LOOP;
    END IF;

    -- An event explains a change only within its own transaction.
    IF claimed IS NOT NULL THEN
        SELECT e.id INTO event FROM public.audit_event e WHERE e.id = claimed AND e.txid = pg_current_xact_id();
    END IF;

    IF TG_OP = 'UPDATE' AND before -> TG_ARGV[0] <> live -> TG_ARGV[0] THEN  -- a new key: one row gone, one come
        INSERT INTO public.audit_row (event_id, table_name, row_key, op, image, secrets, actor)
        VALUES (event, TG_TABLE_NAME, before ->> TG_ARGV[0], 'D', was, NULL, doer),
               (event, TG_TABLE_NAME, live ->> TG_ARGV[0], 'I', image, secrets, doer);
        RETURN NULL;
    END IF;
    INSERT INTO public.audit_row (event_id, table_name, row_key, op, image, was, secrets, actor)
    VALUES (event, TG_TABLE_NAME, live ->> TG_ARGV[0], left(TG_OP, 1)::"char", image,
            CASE TG_OP WHEN 'UPDATE' THEN public.audit_changed(was, image) END, secrets, doer);
    RETURN NULL;
END $$;

-- The only way for the application to write an event. It becomes the event of the row images that follow in this
-- transaction. What the log says of tables it believes itself (audit_baseline, `audit verify`), so nobody writes that here.
CREATE FUNCTION audit_record(
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
CREATE FUNCTION audit_record_table(name text, table_name text, facts jsonb) RETURNS bigint
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

REVOKE EXECUTE ON FUNCTION audit_capture(), audit_record_table(text, text, jsonb),
    audit_record(text, boolean, text, text, text, text, text, text, text, jsonb, text) FROM PUBLIC;
