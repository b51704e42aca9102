"""Erases a person from a row, so that neither the row nor the log can give their values back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from audit.columns import RandomSalt


def clear(rows: models.QuerySet[Any], columns: Iterable[str] | None = None) -> int:
    """Empties personal columns (all that the model declares, or those named) and gives each row a new salt.

    The log keeps sha256(salt || value) of the old values; without the old salt they cannot even be guessed at. Runs in
    the caller's transaction, which also records why. Returns the number of rows.
    """
    model = rows.model
    names = set(model.audit.personal if columns is None else columns)
    fields = {field.column: field for field in model._meta.concrete_fields}
    changes: dict[str, Any] = {fields[name].name: _nothing(fields[name]) for name in sorted(names)}
    return rows.update(**changes, salt=RandomSalt())


def _nothing(field: Any) -> Any:
    """Returns the value of an emptied column."""
    if field.null:
        return None
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.CharField | models.TextField):
        return ""
    raise ValueError(f"{field} holds personal data and cannot be emptied: make it nullable")
