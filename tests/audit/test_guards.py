"""Nobody rewrites the log: not the application, not even its owner by an ordinary statement."""

import pytest
from django.db import DatabaseError, connections, transaction

from audit import log
from audit.events import READ
from audit.tasks import ensure_partitions

pytest_plugins = ["tests.audit_lab"]

PARTS = ["audit_event", "audit_row", "audit_event_0000", "audit_row_0000", "audit_event_default", "audit_row_default"]


@pytest.fixture
def written(lab):
    with transaction.atomic():
        log.record(READ)
        lab.app("INSERT INTO {t} (state) VALUES ('a')")
    return lab


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "change",
    ["INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}",
     "ALTER TABLE {} DISABLE TRIGGER ALL", "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE"],
)  # fmt: skip
def test_the_application_cannot_touch_the_log(written, part, change):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        written.app(change.format(part))


@pytest.mark.parametrize("part", PARTS[:4])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"])
def test_the_owner_is_refused_too(written, part, change):
    with pytest.raises(DatabaseError, match=r"is refused: the log keeps every change"):
        written.owner(change.format(part))


@pytest.mark.parametrize("log_name", ["audit_event", "audit_row"])
def test_ids_are_the_databases_own(written, log_name):
    with pytest.raises(DatabaseError, match=r"permission denied"):
        written.app(f"SELECT setval('{log_name}_id_seq', 1)")
    with pytest.raises(DatabaseError, match=r"permission denied"):
        written.app(f"SELECT nextval('{log_name}_id_seq')")
    with pytest.raises(DatabaseError, match=r"GENERATED ALWAYS"):
        written.owner(
            "INSERT INTO audit_event (id, name, public, actor_kind, actor_label) VALUES (1, 'x', true, '', '')"
        )


@pytest.mark.parametrize("role", ["app", "owner"])
def test_a_watched_table_is_never_emptied_at_a_stroke(written, role):
    with pytest.raises(DatabaseError, match=r"permission denied|is refused"):
        getattr(written, role)("TRUNCATE {t}")
    assert written.owner("SELECT count(*) FROM {t}") == [(1,)]


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE {t} DISABLE TRIGGER ALL", "DROP TRIGGER audit_capture ON {t}",
     "SET session_replication_role = replica", "ALTER FUNCTION audit_capture RENAME TO x", "DROP FUNCTION audit_record",
     "CREATE TABLE other ()"],
)  # fmt: skip
def test_the_application_cannot_switch_the_log_off(written, change):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        written.app(change)


@pytest.mark.parametrize(
    "function",
    ["audit_baseline('audit_row')", "audit_close('audit_row')", "audit_add_partition('a', 'b', 'c')",
     "audit_record_table('table_watched', 'accounts_user', '{}')"],
)  # fmt: skip
def test_the_application_cannot_borrow_the_logs_functions(lab, function):
    with pytest.raises(DatabaseError, match=r"permission denied for function"):
        lab.app(f"SELECT {function}")


def test_a_shadowing_table_changes_nothing(lab):
    """The log's functions look at the real tables, whatever the session puts in front of them."""
    with transaction.atomic("owner"):  # who alone may make temporary tables
        lab.owner("CREATE TEMP TABLE audit_row (LIKE public.audit_row) ON COMMIT DROP")
        lab.owner("CREATE TEMP TABLE audit_event (LIKE public.audit_event) ON COMMIT DROP")
        event = log.record(READ, using="owner")
        lab.owner("INSERT INTO {t} (state) VALUES ('a')")
    assert [row["event_id"] for row in lab.images()] == [event]


def test_partitions_are_made_ahead_of_need(lab):
    with transaction.atomic("owner"):
        lab.owner("SELECT setval('audit_row_id_seq', 5000001)")
        assert lab.owner("SELECT audit_ensure_partitions()") == [(1,)]
        assert lab.owner("SELECT audit_ensure_partitions()") == [(0,)]
        with pytest.raises(DatabaseError, match=r"is refused"), transaction.atomic("owner"):
            lab.owner("TRUNCATE audit_row_0002")
        app = connections["default"].settings_dict["USER"]
        assert lab.owner("SELECT has_table_privilege(%s, 'audit_row_0002', 'SELECT, INSERT')", [app]) == [(False,)]
        transaction.set_rollback(True, using="owner")
    lab.owner("SELECT setval('audit_row_id_seq', (SELECT max(id) + 1000 FROM audit_row))")


def test_an_overflow_is_kept_and_left_behind(lab):
    """Even when nobody made partitions for a long time, no row is lost."""
    last = lab.owner("SELECT max(id) FROM audit_row")[0][0] or 1
    with transaction.atomic("owner"):
        lab.owner("SELECT setval('audit_row_id_seq', 35000000)")
        lab.owner("INSERT INTO {t} (state) VALUES ('a')")
        assert lab.owner("SELECT count(*) FROM audit_row_default") == [(1,)]
        assert lab.owner("SELECT audit_ensure_partitions()") == [(2,)]
        assert lab.owner("SELECT to_regclass('audit_row_0003') IS NULL, to_regclass('audit_row_0004') IS NOT NULL") == [
            (True, True)
        ]
        transaction.set_rollback(True, using="owner")
    lab.owner("SELECT setval('audit_row_id_seq', %s)", [last + 1000])


def test_the_task_runs_as_the_application_and_twice_without_harm(lab):
    assert ensure_partitions() == 0
    assert ensure_partitions() == 0
