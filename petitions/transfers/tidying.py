"""Accusations of the time before the register, as a migration put them there: what a worker still has to do."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit import log
from petitions import events
from petitions.transfers.acts import owe_receipt
from petitions.transfers.models import Transfer, TransferState
from petitions.transfers.sealing import seal_away
from responsibility.models import Obligation


def tidy() -> None:
    """Whoever has yet to hand one over owes it from now on; what nobody has is sealed. Can run twice without harm."""
    owed = Obligation.objects.open().filter(subject_kind=Transfer.KIND, subject_id=OuterRef("pk"))
    for pk in Transfer.objects.filter(~Exists(owed), state=TransferState.TO_SEND).values_list("pk", flat=True):
        _owe(pk)
    kept = Transfer.objects.filter(state=TransferState.KEPT, sealed=None, demand__petition__erased_at=None)
    for pk in kept.values_list("pk", flat=True):
        _seal(pk)


@transaction.atomic
def _owe(pk: int) -> None:
    line = Transfer.locked(pk)
    owed = Obligation.objects.open().about(Transfer.KIND, pk)
    if line.state == TransferState.TO_SEND and not owed.exists():
        log.record(events.TRANSFER_ENTERED, subject=log.Subject(Transfer.KIND, line.number))
        owe_receipt(line, timezone.now())


@transaction.atomic
def _seal(pk: int) -> None:
    line = Transfer.locked(pk)
    if line.sealed is None:
        log.record(events.TRANSFER_SEALED, subject=log.Subject(Transfer.KIND, line.number))
        seal_away(line)
        line.save(update_fields=["sealed", "sealed_files"])
