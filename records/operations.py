"""Migration operations by which the database enforces what versions, seats and unlinked rows promise."""

from collections.abc import Iterable

from django.db.migrations import RunSQL


def keep_versions(table: str, still_change: Iterable[str] = ()) -> RunSQL:
    """Protects a version (`records.versions`) that is in force from change and deletion.

    Its last day is set once, and its articles are at most erased. `still_change` names columns that are no part of the
    text: dates of what is owed, the handler.
    """
    return RunSQL(
        f"CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW WHEN (OLD.since IS NOT NULL) "
        f"EXECUTE FUNCTION records_version_stays('{{{','.join(still_change)}}}')",
        f"DROP TRIGGER version_stays ON {table}",
    )


def keep_seats(table: str) -> RunSQL:
    """Protects a taken seat (`records.seats`): another holder gets it only after its release, and it is not deleted."""
    return RunSQL(
        f"CREATE TRIGGER seat_stays BEFORE UPDATE OF holder ON {table} FOR EACH ROW "
        "WHEN (OLD.holder <> NEW.holder) EXECUTE FUNCTION records_seat_stays();"
        f"CREATE TRIGGER taken_seat_stays BEFORE DELETE ON {table} FOR EACH ROW "
        "WHEN (OLD.holder IS NOT NULL) EXECUTE FUNCTION records_seat_stays()",
        f"DROP TRIGGER seat_stays ON {table}; DROP TRIGGER taken_seat_stays ON {table}",
    )


def keep_unlinked(papers: str, cards: str, length: int, most: int = 500) -> RunSQL:
    """Creates the four functions through which alone unlinked rows (`records.unlinked`) come, are counted and go.

    Each cast writes the box anew, sorted by random keys: all its rows are of one transaction, and their places tell no
    order. That is why a box takes so many cards at the `most`. A refusal is a word and no error: PostgreSQL writes a
    statement that failed, card and paper included, into its own log.
    """
    names = {"papers": papers, "cards": cards, "length": length, "most": most}
    return RunSQL(UNLINKED.format(**names), NO_LONGER_UNLINKED.format(**names))


UNLINKED = """
ALTER TABLE {papers} ADD CONSTRAINT {papers}_length CHECK (octet_length(payload) = {length});
ALTER TABLE {cards} ADD CONSTRAINT {cards}_length CHECK (octet_length(hash) = 32);
ALTER TABLE {papers} SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE {cards} SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);

CREATE FUNCTION {papers}_lock(place uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('{papers} ' || place, 0))
$$;

CREATE FUNCTION {papers}_issue(place uuid, hashes bytea[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM {papers}_lock(place);
    IF cardinality(hashes) > {most} OR EXISTS (SELECT FROM {cards} WHERE box = place) THEN
        RAISE EXCEPTION 'the cards of a box are issued once, {most} at the most'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{cards}_issued';
    END IF;
    INSERT INTO {cards} (hash, box, used) SELECT h, place, false FROM unnest(hashes) AS h ORDER BY h;
END $$;

CREATE FUNCTION {papers}_cast(card bytea, paper bytea) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    place uuid;
    spent boolean;
BEGIN
    IF octet_length(paper) IS DISTINCT FROM {length} THEN
        RETURN 'length';
    END IF;
    SELECT box INTO place FROM {cards} WHERE hash = card;
    PERFORM {papers}_lock(place);
    SELECT used INTO spent FROM {cards} WHERE hash = card;  -- as the one before has left it
    IF place IS NULL OR spent IS NULL THEN
        RETURN 'unknown';
    ELSIF spent THEN
        RETURN 'used';
    END IF;
    WITH was AS (DELETE FROM {cards} WHERE box = place RETURNING hash, used)
    INSERT INTO {cards} (hash, box, used) SELECT hash, place, used OR hash = card FROM was ORDER BY hash;
    WITH was AS (DELETE FROM {papers} WHERE box = place RETURNING key, payload)
    INSERT INTO {papers} (key, box, payload)
    SELECT key, place, payload
    FROM (SELECT key, payload FROM was UNION ALL SELECT gen_random_uuid(), paper) AS all_of_them (key, payload)
    ORDER BY key;
    RETURN 'cast';
END $$;

CREATE FUNCTION {papers}_count(place uuid, OUT issued bigint, OUT spent bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*), count(*) FILTER (WHERE used) FROM {cards} WHERE box = place
$$;

CREATE FUNCTION {papers}_close(place uuid, OUT issued bigint, OUT content bytea[]) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    spent bigint;
BEGIN
    PERFORM {papers}_lock(place);
    WITH was AS (DELETE FROM {cards} WHERE box = place RETURNING used)
    SELECT count(*), count(*) FILTER (WHERE used) INTO issued, spent FROM was;
    WITH was AS (DELETE FROM {papers} WHERE box = place RETURNING payload)
    SELECT coalesce(array_agg(payload ORDER BY payload), '{{}}') INTO content FROM was;
    IF cardinality(content) <> spent THEN
        RAISE EXCEPTION '% cards were used, and the box holds % papers', spent, cardinality(content)
            USING ERRCODE = 'check_violation', CONSTRAINT = '{papers}_as_cast';
    END IF;
END $$;
"""
NO_LONGER_UNLINKED = """
DROP FUNCTION {papers}_close, {papers}_count, {papers}_cast, {papers}_issue, {papers}_lock;
ALTER TABLE {papers} DROP CONSTRAINT {papers}_length;
ALTER TABLE {cards} DROP CONSTRAINT {cards}_length;
"""
