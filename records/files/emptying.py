"""Taking files away: their rows say nothing any more, and what was stored is removed."""

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import models, transaction

from audit.erase import clear
from records.files.models import Attachment


def about(kind: str, *pks: int) -> models.QuerySet[Attachment]:
    """The files of these records that are still there."""
    return Attachment.objects.about(kind, *pks).kept()


def empty(files: models.QuerySet[Attachment]) -> None:
    """Empties the rows; what they stored goes once that is committed."""
    stored = list(files.values_list("stored", flat=True))
    clear(files)
    files.update(erased=True)
    transaction.on_commit(partial(remove, stored))


def remove(stored: Iterable[str]) -> None:
    """Removes what lies in the storage under these names."""
    for name in filter(None, stored):
        default_storage.delete(name)
