"""Erasing a person (个人信息保护法第四十七条): what they gave is cleared everywhere, and no proof changes.

The log keeps that things happened, and hashes over salts that no longer exist. States, dates, organs and outcomes
stay; every free text about the petition goes, for an official's words may repeat the citizen's.
"""

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from audit import log
from audit.erase import clear
from petitions import events
from petitions.attachments.models import Attachment
from petitions.importing.models import ImportedFrom
from petitions.models import (
    Answer,
    Complained,
    Entry,
    IdempotencyKey,
    Petition,
    Petitioner,
    Rating,
    Representative,
    Telling,
)
from responsibility.models import Escalation


def _remove(stored: list[str]) -> None:
    for name in stored:
        default_storage.delete(name)


@transaction.atomic
def erase(number: str, actor: log.Actor, legal_ground: str) -> None:
    """Clears the petition of this number; raises Petition.DoesNotExist. Doing it twice does no harm."""
    petition = Petition.objects.select_for_update().get(number=number)
    log.record(events.ERASED, subject=log.Subject("petition", number), actor=actor, reason=legal_ground)
    IdempotencyKey.objects.filter(petition=petition).delete()
    clear(Petition.objects.filter(pk=petition.pk))
    clear(Petitioner.objects.filter(petition=petition))
    clear(Representative.objects.filter(petition=petition))
    clear(Complained.objects.filter(petition=petition))
    for model in (Answer, Entry, Telling, Rating):
        clear(model.objects.filter(demand__petition=petition))
    files = Attachment.objects.filter(petition=petition)
    stored = list(files.values_list("stored", flat=True))
    clear(files)
    files.update(erased=True)
    transaction.on_commit(partial(_remove, stored))
    # The number in the old ledger stays, so that the row never comes in again.
    clear(ImportedFrom.objects.filter(petition=petition), ["digest"])
    clear(Escalation.objects.filter(obligation__subject_kind="petition", obligation__subject_key=number))
    Petitioner.objects.filter(petition=petition).update(key=None)
    Representative.objects.filter(petition=petition).update(key=None)
    Petition.objects.filter(pk=petition.pk).update(erased_at=timezone.now())
