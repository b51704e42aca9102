-- The one log: its two tables, which only grow, in parts of ten million rows.
-- Every function of the log looks in the same places, whatever the session that calls it says: PostgreSQL's own names, then
-- ours, then what is temporary.

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
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the log keeps every change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Takes a part of the log out of the reach of everybody but its owner (default privileges had opened it).
CREATE FUNCTION audit_close(part regclass) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
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

-- Makes the next parts, so that at least half a part of ids is free beyond the last row's own part.
-- Returns how many it made. The DEFAULT part is a net: ids fall into it only when nobody called this for ten million rows.
CREATE FUNCTION audit_ensure_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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

REVOKE EXECUTE ON FUNCTION audit_refuse(), audit_close(regclass), audit_add_partition(text, text, text),
    audit_ensure_partitions() FROM PUBLIC;
