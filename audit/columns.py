"""Declares what the log may keep of a model's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Columns:
    """Declared on a model as `audit = Columns(personal=("title",), secret=("key",))`, by column name.

    personal: identity, search hashes, titles, texts, every free text, file hashes: the log keeps sha256(salt || value).
    secret: wrapped keys, hashes of passwords, tokens, names of files: random, or hashed with a random salt of their
    own. The log keeps that it changed, and sha256(salt || value); where the row has no salt, sha256(value).
    Every other column is plain, and stands in the log by value for ever.
    """

    personal: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    updates: bool = True
    """Whether the application may change a row; a version that is never changed has another beside it."""
    deletes: bool = False
    """Whether it may delete one, with the reason beside the declaration: what stands in the log stays, as a rule."""


@dataclass(frozen=True)
class Excused:
    """Declared on a model as `audit = Excused("why")`: the log keeps no images of its rows."""

    reason: str
    updates: bool = True
    deletes: bool = False
    closed: bool = False
    """Whether the application reaches its rows through the owner's functions alone, and may not even read them."""


class RandomSalt(models.Func):
    """32 bytes from PostgreSQL's strong random source (two version 4 UUIDs: 244 random bits)."""

    template = "(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"
    output_field = models.BinaryField()


class SaltField(models.BinaryField):  # type: ignore[type-arg]
    """The column `salt` of a table with personal columns. Never logged; erasing a row's values erases it too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(db_default=RandomSalt(), null=True, editable=False)
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("db_default", "null", "editable"):
            kwargs.pop(fixed, None)
        return name, path, list(args), kwargs
