"""Lists the tables that the log watches, and those that it does not watch with the reason.

Our own models say it themselves (`audit = Columns(...)` or `audit = Excused(...)`). tests/audit/test_watched.py
compares all of it with the database's triggers, and fails for a table that is neither watched nor excused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from audit.columns import Columns, Excused

# Tables of other people's packages, and many-to-many tables; audit's migration 0004 watches them.
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
    "massline_draft": "what was typed and not sent, for a day, under a key that only the browser holds",
}
"""Tables of other people's packages and of what lies below the log."""


@dataclass(frozen=True)
class Watched:
    """How a table is watched: what its trigger should say."""

    table: str
    key: str
    personal: frozenset[str]
    secret: frozenset[str]

    @classmethod
    def of(cls, table: str, key: str, columns: Columns) -> Watched:
        salt = {"salt"} if columns.personal else set()
        return cls(table, key, frozenset(columns.personal), frozenset(columns.secret) | salt)


def declarations() -> Iterator[tuple[type[Model], Columns | Excused]]:
    """Yields the models of the installed apps, each with its declaration: the model's own, or one of the lists
    above."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        said: Any = model.__dict__.get("audit") or THIRD_PARTY.get(model._meta.db_table)
        if isinstance(said, Columns | Excused):
            yield model, said


def declared() -> dict[str, Watched]:
    """Returns the watched tables by name."""
    return {
        (table := model._meta.db_table): Watched.of(table, str(model._meta.pk.column), said)
        for model, said in declarations()
        if isinstance(said, Columns)
    }


def excused() -> dict[str, str]:
    """Returns the reasons by the names of the tables that the log does not watch."""
    said = {model._meta.db_table: said.reason for model, said in declarations() if isinstance(said, Excused)}
    return EXCUSED | said
