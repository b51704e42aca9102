"""Files that are sent before the record that they belong to: judged at once, and kept a day, each sealed under a key
that only the form has."""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from massline import crypto
from records.files.forms import ContentField, Upload
from records.files.storing import AcceptedFile, check_limits, cleaned

FOLDER = "staged"
PURPOSE = "staged-file"
LIFETIME = timedelta(days=1)
WAITS = 10.0
"""Seconds after which the rest of a form's files is queued."""


@dataclass(frozen=True)
class StagedFile:
    """A file that waits for its record."""

    stored: str
    key: str
    name: str
    kind: str
    size: int
    scan: str

    @classmethod
    def read(cls, token: str) -> "StagedFile | None":
        """Returns the file of a token of the last day; None for any other text."""
        try:
            return cls(*crypto.open_token(PURPOSE, token, LIFETIME.total_seconds()))
        except (crypto.Unreadable, TypeError):
            return None

    @property
    def token(self) -> str:
        return crypto.seal_token(PURPOSE, astuple(self))

    def accepted(self) -> AcceptedFile:
        """Returns what is stored; raises FileNotFoundError when its day is over."""
        with default_storage.open(self.stored) as file:
            content = crypto.unseal(file.read(), b64decode(self.key))
        return AcceptedFile(self.kind, content, self.scan)


def stage(upload: Any, before: Iterable[StagedFile], until: float) -> StagedFile:
    """Judges, seals and keeps one file beside those of `before`; raises ValidationError."""
    there = list(before)
    check_limits(len(there), sum(one.size for one in there) + 1)
    found = ContentField().clean(Upload(upload, until))
    check_limits(len(there), sum(one.size for one in there) + len(found.content))
    key = os.urandom(32)
    sealed = ContentFile(crypto.seal(found.content, key))
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}", sealed)
    name = cleaned(upload.name)
    return StagedFile(stored, b64encode(key).decode(), name, str(found.kind), len(found.content), str(found.scan))


def stage_each(uploads: Iterable[Any], before: Iterable[StagedFile]) -> tuple[list[StagedFile], list[str]]:
    """Keeps each file by itself; returns all that are kept then, and what was wrong with the others."""
    kept, faults, until = list(before), list[str](), monotonic() + WAITS
    for upload in uploads:
        try:
            kept.append(stage(upload, kept, until))
        except ValidationError as error:
            faults += [f"{upload.name}：{said}" for said in error.messages]
    return kept, faults
