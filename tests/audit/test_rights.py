"""The application's role may do what audit/rights.py says, in the database as it is; the rest is closed to it."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from audit import log
from audit.events import TABLE_UNWATCHED, TABLE_WATCHED
from audit.log import Subject
from audit.rights import allowed
from tests.audit.test_watched import rows

PRIVILEGES = {
    "TABLE": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
    "SEQUENCE": ("USAGE", "SELECT", "UPDATE"),
    "FUNCTION": ("EXECUTE",),
}
TABLES = """
SELECT c.oid, c.relname::text FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname !~ '^lab_'
"""
SEQUENCES_THERE = """
SELECT oid, relname::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' AND relname !~ '^lab_'
"""
OURS = """
SELECT p.oid, p.proname::text, p.proconfig, p.prosqlbody IS NOT NULL FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def held(kind, oid):
    """What the role has on something, however it came to it."""
    asked = ", ".join(f"has_{kind.lower()}_privilege({oid}, '{privilege}')" for privilege in PRIVILEGES[kind])
    return {name for name, has in zip(PRIVILEGES[kind], rows(f"SELECT {asked}")[0], strict=True) if has}


def check_all():
    for oid, name in rows(TABLES):
        assert held("TABLE", oid) == allowed()["TABLE"].get(name, set()), name
    for oid, name in rows(SEQUENCES_THERE):
        assert held("SEQUENCE", oid) == allowed()["SEQUENCE"].get(name, set()), name
    for oid, name, *_ in rows(OURS):
        assert held("FUNCTION", oid) == allowed()["ROUTINE"].get(name, set()), name
    assert rows(
        "SELECT has_database_privilege(current_database(), 'TEMPORARY'), "
        "has_database_privilege(current_database(), 'CREATE'), has_schema_privilege('public', 'CREATE')"
    ) == [(False, False, False)]


@pytest.mark.django_db
def test_the_role_has_what_is_declared():
    check_all()


@pytest.mark.django_db
def test_every_table_has_a_word():
    """What nobody declared is closed to the application: watch it, or say in its model what it needs."""
    parts = "SELECT relname::text FROM pg_class WHERE relispartition"
    there = {name for _, name in rows(TABLES)} - {name for (name,) in rows(parts)}
    assert there <= set(allowed()["TABLE"]), there - set(allowed()["TABLE"])
    assert set(allowed()["SEQUENCE"]) <= {name for _, name in rows(SEQUENCES_THERE)}
    assert set(allowed()["ROUTINE"]) <= {name for _, name, *_ in rows(OURS)}


@pytest.mark.django_db
def test_every_function_looks_in_fixed_places():
    """PostgreSQL's own names first, what is temporary last. (A body in BEGIN ATOMIC or RETURN looks up nothing when it
    runs: it was bound when it was made, and may be inlined.)"""
    for _, name, config, bound in rows(OURS):
        path = next((one.partition("=")[2] for one in config or () if one.startswith("search_path=")), "")
        places = [place.strip() for place in path.split(",")]
        assert bound or places in (["pg_catalog", "pg_temp"], ["pg_catalog", "public", "pg_temp"]), name


def test_what_an_earlier_version_gave_is_taken_back(cloned_db):
    """A full database: its owner had given all of it to the application, and what was still to come."""
    role = connection.settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT TEMPORARY, CREATE ON DATABASE {cloned_db} TO PUBLIC, {role}")
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO PUBLIC, {role}")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC, {role}")
        cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION audit_baseline, audit_record_table, audit_refuse TO PUBLIC, {role}")
        cursor.execute(f"REVOKE ALL ON petitions_petition FROM {role}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO {role}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}")
    call_command("migrate", database="owner", verbosity=0)
    check_all()
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY)")
    assert not held("TABLE", "'later'::regclass") and not held("SEQUENCE", "'later_id_seq'::regclass")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "CREATE TEMP TABLE citizens_representative ()",
        "CREATE TABLE pg_temp.citizens_representative ()",
        "CREATE SCHEMA massline_app",
        "CREATE FUNCTION public.now() RETURNS int LANGUAGE sql RETURN 1",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0099_x', now())",
        "UPDATE django_content_type SET model = 'x'",
        "DELETE FROM petitions_petition",
        "DELETE FROM responsibility_obligation",
        "DELETE FROM accounts_user",
        "INSERT INTO auth_group (name) VALUES ('root')",
    ],
)
def test_the_role_cannot(change):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize("event", [TABLE_WATCHED, TABLE_UNWATCHED])
@pytest.mark.parametrize("subject", [Subject("table", "accounts_user"), Subject("petition", "XF1"), None])
def test_what_the_log_says_of_tables_is_the_owners(event, subject):
    """Else a made-up change of columns would blind `audit verify` for them."""
    with pytest.raises(DatabaseError, match="owner's to write"), transaction.atomic():
        log.record(event, subject=subject, facts={"changed": ["password"]})


@pytest.mark.django_db
def test_no_event_of_another_name_speaks_of_a_table():
    made_up = "SELECT audit_record('read', false, 'table', 'accounts_user', 'system', '', '', '', '', %s, '')"
    with pytest.raises(DatabaseError, match="owner's to write"), transaction.atomic():
        connection.cursor().execute(made_up, ['{"changed": ["password"]}'])
