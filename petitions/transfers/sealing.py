"""Seals the content of an accusation, which is kept and not deleted: under a key that no page and no address opens.

From the receipt on the petition's own rows and files say nothing any more. The log's proofs go on: what was sealed is
sealed with the salts of its hashes. Only `manage.py open_transfer` opens it, on the server, with a reason on record.
"""

import json
from base64 import b64encode
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from audit.erase import clear
from citizens.erasure.erased_words import ErasedWords
from citizens.models import Complained
from massline.crypto import key_for, seal, unseal
from petitions.models import Answer, Demand, Petition
from petitions.public.letters import NEUTRAL
from petitions.transfers.models import Transfer
from records.files.emptying import remove
from records.texts_elsewhere import empty, rows_about

PURPOSE = "sealed accusation"
FOLDER = "sealed"
CLEARED_OF_COMPLAINED = ("name", "organ_name")
"""The columns of the people complained about that are cleared: they stay recused, from the line of the register as
well."""


def seal_away(transfer: Transfer) -> None:
    """Seals the content of the petition, and clears its rows. Runs in the transaction and under the event of the
    receipt."""
    assert transfer.demand is not None
    demand = transfer.demand
    words, own = ErasedWords.of(demand), _rows_of(demand)
    shared = rows_about(Demand.KIND, demand.pk)
    shared["letters"] = shared["letters"].exclude(letter=NEUTRAL)  # it may have to be told yet
    said = {name: list(found.values()) for name, found in (own | shared).items()}
    transfer.sealed_files = [_sealed_file(one["stored"], transfer.number) for one in said["files"]]
    plain = json.dumps(said, default=_to_json, ensure_ascii=False).encode()
    transfer.sealed = seal(plain, key_for(PURPOSE), transfer.number)
    for name, found in own.items():
        clear(found, CLEARED_OF_COMPLAINED if name == "complained" else None)
    empty(shared)
    words.forget_elsewhere()


def _rows_of(demand: Demand) -> dict[str, models.QuerySet[Any]]:
    """Returns the petition's own rows that hold texts."""
    return {
        "petition": Petition.objects.filter(pk=demand.petition_id),
        "complained": Complained.objects.filter(filing=demand.petition_id),
        "answers": Answer.objects.filter(demand=demand),
    }


def _to_json(value: Any) -> Any:
    return b64encode(value).decode() if isinstance(value, bytes | memoryview) else DjangoJSONEncoder().default(value)


def _sealed_file(stored: str, number: str) -> str:
    """Seals a copy of a stored file and returns its name; empty when the file itself is missing."""
    if not stored or not default_storage.exists(stored):
        return ""
    with default_storage.open(stored) as file:
        sealed = seal(file.read(), key_for(PURPOSE), number)
    return default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(sealed))


def open_sealed(transfer: Transfer) -> dict[str, Any]:
    """Opens the sealed content; only the command calls this."""
    assert transfer.sealed is not None
    found: dict[str, Any] = json.loads(unseal(bytes(transfer.sealed), key_for(PURPOSE), transfer.number))
    return found


def forget(demand: Demand) -> None:
    """Deletes the sealed content too when a petition is erased. Runs in the transaction of the erasure."""
    for transfer in Transfer.objects.filter(demand=demand).exclude(sealed=None):
        transaction.on_commit(partial(remove, list(transfer.sealed_files)))
        transfer.sealed, transfer.sealed_files = None, []
        transfer.save(update_fields=["sealed", "sealed_files"])
