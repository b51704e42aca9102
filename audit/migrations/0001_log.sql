-- The one log: two tables, the functions that alone write them, and what guards them.
-- Applied once by migration 0001 and never edited afterwards; a later change is a later migration.

-- What happened: one row an act. Also what changes no row: reads, sign-ins, refusals.
CREATE TABLE audit_event (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    name         text NOT NULL,
    public       boolean NOT NULL,
    subject_kind text NOT NULL DEFAULT '',
    subject_key  text NOT NULL DEFAULT '',
    actor_kind   text NOT NULL,
    actor_key    text NOT NULL DEFAULT '',
    actor_label  text NOT NULL,
    acted_for    text NOT NULL DEFAULT '',
    reason       text NOT NULL DEFAULT '',
    facts        jsonb NOT NULL DEFAULT '{}',
    request_id   text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    session_user_name text NOT NULL DEFAULT session_user,
    client_addr  inet DEFAULT inet_client_addr(),
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX audit_event_subject ON audit_event (subject_kind, subject_key, id);
CREATE INDEX audit_event_actor ON audit_event (actor_kind, actor_key, id);
CREATE INDEX audit_event_name ON audit_event (name, id);
CREATE INDEX audit_event_at ON audit_event USING brin (at);

-- The image of every changed row of every watched table, as the statement left it (D: as it was when deleted; B: as it stood
-- when watching began). `was`, for an update, has the columns that changed, as they were: laid over the image they give the
-- row as the statement found it, which must be the row's previous image. So a change made behind the log's back stays visible
-- even after the next honest update.
-- `secrets` names the secret columns that the statement changed.
CREATE TABLE audit_row (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    event_id     bigint,
    table_name   text NOT NULL,
    row_key      text NOT NULL,
    op           "char" NOT NULL CHECK (op IN ('I', 'U', 'D', 'B')),
    image        jsonb NOT NULL,
    was          jsonb,
    secrets      text[],
    actor        text,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    session_user_name text NOT NULL DEFAULT session_user,
    client_addr  inet DEFAULT inet_client_addr(),
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX audit_row_latest ON audit_row (table_name, row_key, id);
CREATE INDEX audit_row_event ON audit_row (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX audit_row_unexplained ON audit_row (id) WHERE event_id IS NULL;
CREATE INDEX audit_row_at ON audit_row USING brin (at);


-- The log only grows, and a watched table is never emptied at a stroke: for nobody, the owner included.
-- (The owner can still drop a trigger. That is what the sealed checkpoints are for.)
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the log keeps every change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Takes a part of the log out of the reach of everybody but its owner (default privileges had opened it).
CREATE FUNCTION audit_close(part regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    who record;
BEGIN
    FOR who IN
        SELECT DISTINCT acl.grantee FROM pg_class c, aclexplode(c.relacl) acl
        WHERE c.oid = part AND acl.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s', part,
                       CASE who.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(who.grantee)) END);
    END LOOP;
END $$;

SELECT audit_close('audit_event'), audit_close('audit_row');
DO $$
DECLARE
    log text;
BEGIN
    FOREACH log IN ARRAY ARRAY['audit_event', 'audit_row'] LOOP
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC', log || '_id_seq');
        PERFORM audit_close((log || '_id_seq')::regclass);
        EXECUTE format('CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON %I '
                       'FOR EACH ROW EXECUTE FUNCTION audit_refuse()', log);
        EXECUTE format('CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', log);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_append_only', log);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_no_truncate', log);
    END LOOP;
END $$;


-- One more part of the log. TRUNCATE names parts one by one, so each has its own guard.
CREATE FUNCTION audit_add_partition(log text, part text, bounds text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, log);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I %s', log, part, bounds);
    PERFORM audit_close(part::regclass);
    EXECUTE format('CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_append_only', part);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_no_truncate', part);
END $$;

-- Makes the next parts, so that at least half a part of ids is free beyond the last row's own part.
-- Returns how many it made. The DEFAULT part is a net: ids fall into it only when nobody called this for ten million rows.
CREATE FUNCTION audit_ensure_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    width   constant bigint := 10000000;
    log     text;
    used    bigint;
    top     bigint;
    strays  boolean;
    made    integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_ensure_partitions'));
    FOREACH log IN ARRAY ARRAY['audit_event', 'audit_row'] LOOP
        used := coalesce(pg_sequence_last_value((log || '_id_seq')::regclass), 0);
        SELECT max(substring(c.relname FROM '_(\d+)$')::bigint) INTO top
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = log::regclass AND c.relname ~ '_\d+$';
        top := coalesce(top, -1);
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', log || '_default') INTO strays;
        IF strays THEN
            top := greatest(top, used / width);  -- the range that overflowed stays where it fell
        END IF;
        WHILE (top + 1) * width - used < width * 3 / 2 LOOP
            top := top + 1;
            PERFORM audit_add_partition(log, log || '_' || lpad(top::text, 4, '0'), format(
                'FOR VALUES FROM (%s) TO (%s)', top * width, (top + 1) * width));
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;

SELECT audit_add_partition('audit_event', 'audit_event_default', 'DEFAULT'),
       audit_add_partition('audit_row', 'audit_row_default', 'DEFAULT');
SELECT audit_ensure_partitions();


-- What the log keeps of a row: plain columns by value; of a personal one only sha256(salt || value); of a secret one nothing.
-- NULL and the empty string hide nothing and stand as themselves, so a row whose salt was erased still has an image.
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

-- The only way to write an event. It becomes the event of the row images that follow in this transaction.
CREATE FUNCTION audit_record(
    name text, public boolean, subject_kind text, subject_key text,
    actor_kind text, actor_key text, actor_label text, acted_for text,
    reason text, facts jsonb, request_id text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    event bigint;
BEGIN
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
               WHEN a.attname = ANY (watch.secret) THEN ', secret'
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

REVOKE EXECUTE ON FUNCTION audit_refuse(), audit_close(regclass), audit_add_partition(text, text, text), audit_capture(),
    audit_ensure_partitions(), audit_baseline(regclass),
    audit_record(text, boolean, text, text, text, text, text, text, text, jsonb, text) FROM PUBLIC;
