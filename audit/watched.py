"""The one list of what the log watches, and of what it does not and why.

Our own models say it themselves (`audit = Columns(...)`). tests/test_audit_watched.py compares all of it with the
database's triggers, and fails for a table that is neither watched nor excused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from audit.columns import Columns

# Tables of other people's packages, and many-to-many tables; audit's migration 0002 watches them.
THIRD_PARTY: dict[str, Columns] = {
    "auth_group": Columns(),
    "auth_group_permissions": Columns(),
    "knox_authtoken": Columns(secret=("token_key",)),  # its key is a digest of 256 random bits
}

EXCUSED: dict[str, str] = {
    "audit_event": "is the log",
    "audit_row": "is the log",
    "django_migrations": "which migrations ran; written before the log exists",
    "django_content_type": "names of models, derived from the code",
    "auth_permission": "names of permissions, derived from the code",
    "django_session": "short-lived; sign-in and sign-out are events",
    "massline_count": "counts by the hour, of keyed hashes; nobody's record",
    "accounts_signincount": "counts of failed sign-ins, of keyed hashes, gone after an hour; each failure is an event",
    "accounts_refusedsignins": "becomes an event after a quarter of an hour",
    "petitions_idempotencykey": "a sender's own copy of an answer, sealed under the sender's key and gone after a day",
    "petitions_import": "how far a job is; asking, confirming, every step and the end of it are events",
    "reports_export": "how far a job is; asking, the file with its hash, each fetching and the end of it are events",
}


@dataclass(frozen=True)
class Watched:
    """What a table's trigger should say."""

    table: str
    key: str
    personal: frozenset[str]
    secret: frozenset[str]

    @classmethod
    def of(cls, table: str, key: str, columns: Columns) -> Watched:
        salt = {"salt"} if columns.personal else set()
        return cls(table, key, frozenset(columns.personal), frozenset(columns.secret) | salt)


def declared() -> dict[str, Watched]:
    """By table: the declarations of our models and of the list above, for the apps that are installed."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        table = model._meta.db_table
        columns: Any = model.__dict__.get("audit") or THIRD_PARTY.get(table)
        if isinstance(columns, Columns):
            found[table] = Watched.of(table, str(model._meta.pk.column), columns)
    return found
