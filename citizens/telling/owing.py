"""Opens the obligation to tell a letter for which no law sets a period, or one that came back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Max

from responsibility import obligations
from responsibility.models import Obligation
from responsibility.people import receiving_post

OTHER_LETTERS = "ML06"
"""The period of every letter that is not a written notice demanded by law."""


def owe_letter(record: Any, teller: int, at: datetime) -> Obligation:
    """Opens the obligation of the receiving post of this organ to tell the citizen a letter about the record."""
    work = replace(record.chain_subject(), organ=teller, post=receiving_post(teller))
    before = Obligation.objects.about(record.KIND, record.pk).filter(rule=OTHER_LETTERS)
    last: int = before.aggregate(last=Max("item", default=0))["last"]
    return obligations.open_(record.matter, OTHER_LETTERS, work, at, item=last + 1)
