"""The migration operations by which the database keeps what a shape of `records` promises."""

from collections.abc import Iterable

from django.db.migrations import RunSQL


def keep_versions(table: str, still_change: Iterable[str] = ()) -> RunSQL:
    """A version (`records.versions`) that is in force is neither changed nor deleted.

    Its last day is set once, and its articles are at most erased. `still_change` names columns that are no part of the
    text: dates of what is owed, the handler.
    """
    return RunSQL(
        f"CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW WHEN (OLD.since IS NOT NULL) "
        f"EXECUTE FUNCTION records_version_stays('{{{','.join(still_change)}}}')",
        f"DROP TRIGGER version_stays ON {table}",
    )


def keep_seats(table: str) -> RunSQL:
    """A seat (`records.seats`) that is taken goes to another holder only after it was released, and is not deleted."""
    return RunSQL(
        f"CREATE TRIGGER seat_stays BEFORE UPDATE OF holder ON {table} FOR EACH ROW "
        "WHEN (OLD.holder <> NEW.holder) EXECUTE FUNCTION records_seat_stays();"
        f"CREATE TRIGGER taken_seat_stays BEFORE DELETE ON {table} FOR EACH ROW "
        "WHEN (OLD.holder IS NOT NULL) EXECUTE FUNCTION records_seat_stays()",
        f"DROP TRIGGER seat_stays ON {table}; DROP TRIGGER taken_seat_stays ON {table}",
    )
