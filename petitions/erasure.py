"""Erasing a person (个人信息保护法第四十七条): what they gave is cleared everywhere, and no proof changes.

The log keeps that things happened, and hashes over salts that no longer exist. States, dates, organs and outcomes
stay; every free text about the petition goes, for an official's words may repeat the citizen's. Copies go with it:
exports that may hold it are not handed out any more, and officials' filters lose the words.
"""

from django.db import transaction
from django.utils import timezone

from audit import log
from audit.erase import clear
from massline.acts import lock_row
from petitions import events
from petitions.erased_words import ErasedWords
from petitions.models import (
    Answer,
    Complained,
    Demand,
    IdempotencyKey,
    Petition,
    Petitioner,
    Rating,
    Representative,
    Telling,
)
from petitions.transfers import sealing
from records import erasing
from records.importing.models import ImportedFrom
from records.texts_elsewhere import empty_about

ERASED_SO_FAR = "SELECT count(*), max(erased_at) FROM petitions_petition WHERE erased_at IS NOT NULL"


def _held(number: str) -> Petition:
    """The petition, with nobody acting on it: what is written meanwhile would outlive it. In the order of all acts."""
    erasing.lock()
    for demand in Demand.objects.filter(petition__number=number).values_list("pk", flat=True):
        lock_row(Demand, demand)
    return Petition.objects.select_for_update().get(number=number)


@transaction.atomic
def erase(number: str, actor: log.Actor, legal_ground: str) -> None:
    """Clears the petition of this number; raises Petition.DoesNotExist. Doing it twice does no harm."""
    petition = _held(number)
    words = ErasedWords.of(petition)
    log.record(events.ERASED, subject=log.Subject("petition", number), actor=actor, reason=legal_ground)
    IdempotencyKey.objects.filter(petition=petition).delete()
    clear(Petition.objects.filter(pk=petition.pk))
    clear(Petitioner.objects.filter(petition=petition))
    clear(Representative.objects.filter(petition=petition))
    clear(Complained.objects.filter(petition=petition))
    for model in (Answer, Telling, Rating):
        clear(model.objects.filter(demand__petition=petition))
    demands = petition.demands.values_list("pk", flat=True)
    empty_about(Demand.KIND, *demands)
    # The number in the old ledger stays, so that the row never comes in again.
    clear(ImportedFrom.objects.about(Demand.KIND, *demands), ["digest"])
    Petitioner.objects.filter(petition=petition).update(key=None)
    Representative.objects.filter(petition=petition).update(key=None)
    Petition.objects.filter(pk=petition.pk).update(erased_at=timezone.now())
    sealing.forget(petition)
    words.forget_elsewhere()
    erasing.forget_copies(words)
