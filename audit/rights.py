"""Grants the application's database role the rights that models and apps declare or that are listed here, no others.

`grant` makes it so after each migrate, as the owner, on a new database and on a full one: it gives what is declared
and takes away the rest, from PUBLIC too. tests/audit/test_rights.py compares what the role has with it, and fails for
a table that nobody declared. What the role could still forge: docs/log.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from audit.columns import Columns, Excused
from audit.watched import declarations

READ = frozenset({"SELECT"})
READ_AND_WRITE = READ | {"INSERT", "UPDATE"}

TABLES: dict[str, frozenset[str]] = {
    "audit_event": READ,  # written by audit_record() alone
    "audit_row": READ,  # written by the triggers alone
    "django_migrations": READ,
    "django_content_type": READ,  # written by migrate, like the next
    "auth_permission": READ,
    "auth_group": READ,  # unused: what a user may do follows from their posts
    "auth_group_permissions": READ,
    "massline_count": READ_AND_WRITE | {"DELETE"},  # counts run out
    "massline_draft": READ_AND_WRITE | {"DELETE"},  # sent, dropped or a day old
    "django_session": READ_AND_WRITE | {"DELETE"},  # signing out
    "knox_authtoken": READ | {"INSERT", "DELETE"},  # signing in and out
}
"""Tables of other people's packages, of the log and of what lies below it. Every other says it in its model: a row
comes and changes, and stays (`audit/columns.py`)."""

# What is ours in the schema, and what the role and PUBLIC have of it now.
_OBJECTS = """
SELECT 'TABLE', relname::text, oid::regclass::text, relacl, 'r'::"char", relowner FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'SEQUENCE', relname::text, oid::regclass::text, relacl, 's', relowner FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
UNION ALL
SELECT 'ROUTINE', proname::text, oid::regprocedure::text, proacl, 'f', proowner FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e')
"""
_PRIVILEGES = f"""
SELECT kind, name, written, array(
    SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE privilege_type END
    FROM aclexplode(coalesce(acl, acldefault(what, owner))) WHERE grantee IN (0, %s::regrole))
FROM ({_OBJECTS}) AS found (kind, name, written, acl, what, owner) WHERE owner = current_user::regrole ORDER BY 1, 2
"""  # noqa: S608 - both are ours


def allowed() -> dict[str, dict[str, frozenset[str]]]:
    """Returns the role's rights by kind and name of the object. One that is not named here is closed to it."""
    said = {model._meta.db_table: _rights_of(said) for model, said in declarations()}
    return {
        "TABLE": said | TABLES,
        "SEQUENCE": dict.fromkeys(_declared_names("sequences"), frozenset({"USAGE"})),
        "ROUTINE": dict.fromkeys(_declared_names("routines"), frozenset({"EXECUTE"})),
    }


def _rights_of(said: Columns | Excused) -> frozenset[str]:
    if isinstance(said, Excused) and said.closed:
        return frozenset()
    more = {"UPDATE": said.updates, "DELETE": said.deletes}
    return READ | {"INSERT"} | {right for right, given in more.items() if given}


def _declared_names(what: str) -> Iterator[str]:
    """Returns the names that apps declare in their configuration: `sequences` to draw from, `routines` to call."""
    for config in apps.get_app_configs():
        yield from getattr(config, what, ())


def grant(cursor: Any, role: str, quoted: str) -> None:
    """Makes the list above true in the cursor's database. Runs as its owner, in a transaction; twice is once."""
    cursor.execute("SELECT quote_ident(current_database()), pg_has_role(%s, current_user, 'MEMBER')", [role])
    database, is_owner = cursor.fetchone()
    if is_owner:
        raise ImproperlyConfigured(f"{role} could do all that the owner can: DATABASE_URL must name a role of its own.")
    everybody = f"FROM PUBLIC, {quoted}"
    for statement in (
        f"REVOKE CREATE, TEMPORARY ON DATABASE {database} {everybody}",
        f"REVOKE CREATE ON SCHEMA public {everybody}",
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES {everybody}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES {everybody}",
    ):
        cursor.execute(statement)
    cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [role])
    if cursor.fetchone() != (False,):
        raise ImproperlyConfigured(
            f"{role} may make temporary tables, and the owner's role cannot take that away: let it own the database."
        )
    wanted = allowed()
    cursor.execute(_PRIVILEGES, [role])
    for kind, name, written, held in cursor.fetchall():
        rights = wanted[kind].get(name, frozenset())
        if rights != set(held):
            cursor.execute(f"REVOKE ALL ON {kind} {written} {everybody}")
            if rights:
                cursor.execute(f"GRANT {', '.join(sorted(rights))} ON {kind} {written} TO {quoted}")
