"""Erases a person (个人信息保护法第四十七条): clears their data everywhere, and changes no proof of the log.

The log keeps that things happened, and hashes over salts that no longer exist. States, dates, organs and outcomes
stay; every free text about the record goes, for an official's words may repeat the citizen's. Copies go with it:
exports that may hold it are not handed out any more, and officials' filters lose the words.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit import log
from audit.erase import clear
from citizens import events
from citizens.erasure.erased_words import ErasedWords
from citizens.models import Complained, Filing, IdempotencyKey, Representative
from citizens.public_sides import public_sides
from citizens.tracking.lookup import filing_of
from massline.acts import NotVisible
from records import erasing
from records.importing.models import ImportedFrom
from records.kinds import record_type

ERASED_SO_FAR = "SELECT count(*), max(erased_at) FROM citizens_filing WHERE erased_at IS NOT NULL"


def numbered(number: str) -> Any:
    """Returns the record with this number, of any kind that citizens file; raises NotVisible."""
    for kind, side in public_sides().items():
        declared = record_type(kind)
        plain = declared.model.numbers().plain(number)  # type: ignore[attr-defined]
        rows = declared.model._default_manager.filter(**{declared.number: plain})
        if side.form and (found := rows.select_related(*declared.listing.joined).first()):
            return found
    raise NotVisible()


@transaction.atomic
def erase(record: Any, actor: log.Actor, legal_ground: str) -> None:
    """Clears all data about the person of a record. A second call does no harm.

    The record is held in the order of all acts: what is written meanwhile would outlive it.
    """
    erasing.lock()
    type(record).lock(record.pk)
    matter, filing = record.matter, filing_of(record)
    words = ErasedWords.of(record)
    log.record(events.ERASED, subject=log.Subject(matter.kind, matter.key), actor=actor, reason=legal_ground)
    _clear_filing(filing)
    erasing.empty(record)
    # The number in the old ledger stays, so that the row never comes in again.
    clear(ImportedFrom.objects.about(matter.kind, matter.pk), ["digest"])
    words.forget_elsewhere()
    erasing.forget_copies(words)


def own_rows(record: Any) -> Iterable[QuerySet[Any]] | None:
    """Returns the rows with words about a record, of a kind that is open to citizens."""
    side = public_sides().get(record.KIND)
    return side.own_rows(record) if side else None


def delete_further(record: Any) -> None:
    """Deletes what such a kind keeps besides."""
    if side := public_sides().get(record.KIND):
        side.erased(record)


def _clear_filing(filing: int) -> None:
    """Clears the identity with its key, and the words about others."""
    IdempotencyKey.objects.filter(filing=filing).delete()
    for rows in (Filing.objects.filter(pk=filing), Representative.objects.filter(filing=filing)):
        clear(rows)
        rows.update(key=None)
    clear(Complained.objects.filter(filing=filing))
    Filing.objects.filter(pk=filing).update(erased_at=timezone.now())
