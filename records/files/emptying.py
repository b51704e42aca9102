"""Erases files: empties their rows and removes what was stored."""

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import models, transaction

from audit.erase import clear
from records.files.models import Attachment


def about(kind: str, *pks: int) -> models.QuerySet[Attachment]:
    """Returns the files of these records that were not erased."""
    return Attachment.objects.about(kind, *pks).kept()


def empty(files: models.QuerySet[Attachment]) -> None:
    """Empties the rows; what they stored is removed once that is committed."""
    stored = list(files.values_list("stored", flat=True))
    clear(files)
    files.update(erased=True)
    transaction.on_commit(partial(remove, stored))


def remove(stored: Iterable[str]) -> None:
    """Removes stored files by their names."""
    for name in filter(None, stored):
        default_storage.delete(name)
