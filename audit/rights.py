"""The one list of what the application's role may do in the database: this, and nothing else.

`grant` makes it so after each migrate, as the owner, on a new database and on a full one: it gives what stands here
and takes away the rest, from PUBLIC too. tests/test_audit_rights.py compares what the role has with this list, and
fails for a table without a word here. What the role could still forge: docs/log.md.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from audit.watched import declared

READ = frozenset({"SELECT"})
KEEP = READ | {"INSERT", "UPDATE"}
"""A watched table's rows come and change, and stay. What may also go stands below with its reason."""

TABLES: dict[str, frozenset[str]] = {
    "audit_event": READ,  # written by audit_record() alone
    "audit_row": READ,  # written by the triggers alone
    "django_migrations": READ,
    "django_content_type": READ,  # written by migrate, like the next
    "auth_permission": READ,
    "auth_group": READ,  # unused: what somebody may do follows from their posts
    "auth_group_permissions": READ,
    "massline_count": KEEP | {"DELETE"},  # counts run out
    "accounts_signincount": KEEP | {"DELETE"},
    "accounts_refusedsignins": KEEP | {"DELETE"},
    "django_session": KEEP | {"DELETE"},  # signing out
    "knox_authtoken": READ | {"INSERT", "DELETE"},  # signing in and out
    "responsibility_arrangement": READ | {"INSERT"},  # a later version stands beside it, like its days
    "responsibility_arrangedday": READ | {"INSERT"},
    "petitions_idempotencykey": KEEP | {"DELETE"},  # answers are kept for a day
    "petitions_import": KEEP | {"DELETE"},  # a preview that nobody confirmed
    "petitions_importreject": READ | {"INSERT", "DELETE"},  # kept for thirty days
    "petitions_savedfilter": KEEP | {"DELETE"},  # their owner throws them away
    "reports_export": KEEP,
}
SEQUENCES: dict[str, frozenset[str]] = {
    "petitions_number": frozenset({"USAGE"}),
    "responsibility_escalation_id_seq": frozenset({"USAGE"}),  # the sweep draws ids before it writes
}
ROUTINES: dict[str, frozenset[str]] = {
    name: frozenset({"EXECUTE"})
    for name in (
        "audit_record",
        "audit_ensure_partitions",
        "audit_image",  # by `audit verify`, like the next
        "audit_watched",
        "petitions_bigrams",  # by the index of the search, like the next
        "petitions_text",
        "petitions_sought",
        "responsibility_take_steps",
    )
}

# What is ours in the schema, and what the role and PUBLIC have of it now.
_FOUND = """
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
_HELD = f"""
SELECT kind, name, written, array(
    SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE privilege_type END
    FROM aclexplode(coalesce(acl, acldefault(what, owner))) WHERE grantee IN (0, %s::regrole))
FROM ({_FOUND}) AS found (kind, name, written, acl, what, owner) WHERE owner = current_user::regrole ORDER BY 1, 2
"""  # noqa: S608 - both are ours


def allowed() -> dict[str, dict[str, frozenset[str]]]:
    """By kind and name: what the role may do. What has no word here is closed to it."""
    watched = dict.fromkeys(declared(), KEEP)
    return {"TABLE": watched | TABLES, "SEQUENCE": SEQUENCES, "ROUTINE": ROUTINES}


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
    cursor.execute(_HELD, [role])
    for kind, name, written, held in cursor.fetchall():
        rights = wanted[kind].get(name, frozenset())
        if rights != set(held):
            cursor.execute(f"REVOKE ALL ON {kind} {written} {everybody}")
            if rights:
                cursor.execute(f"GRANT {', '.join(sorted(rights))} ON {kind} {written} TO {quoted}")
