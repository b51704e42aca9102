"""Letters to petitioners (告知书) as papers to print: each in the words in which the organ tells it, and no others."""

from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.models import User
from massline.acts import NotVisible
from petitions.letters import LETTERS, in_parts
from petitions.models import Demand, Telling
from petitions.tellings import to_tell
from petitions.transfers.sealing import NEUTRAL
from petitions.visibility import DemandQuerySet
from records.documents.document import Document, OfficialLetter
from responsibility.people import position_of


def with_letters(demands: DemandQuerySet) -> DemandQuerySet:
    """With the name of each printable letter and the organ that tells it, in the same statement."""
    letters = Telling.objects.filter(demand=OuterRef("pk")).printable()
    named = letters.values(json=JSONObject(letter="letter", office="office_id"))
    return demands.annotate(letters_written=ArraySubquery(named))


def _may(letter: str, demand: Any, user: User) -> bool:
    """Whether an organ of this person has such a letter to tell, or has told it."""
    organs = position_of(user).organs
    return any(one["letter"] == letter and one["office"] in organs for one in demand.letters_written)


def _data(letter: str, demand: Demand, user: User) -> OfficialLetter:
    """The last of its name that was not taken back."""
    found = to_tell(user).filter(demand=demand, letter=letter).printable().order_by("-pk").first()
    if found is None:
        raise NotVisible
    said = in_parts(found.text)
    return OfficialLetter(
        title=str(LETTERS[letter]),
        made_at=found.made_at,
        addressee=said.addressee,
        paragraphs=said.paragraphs,
        organ=said.organ,
        day=said.day,
    )


DOCUMENTS = tuple(
    Document(name=letter, title=title, data=partial(_data, letter), may=partial(_may, letter))
    for letter, title in LETTERS.items()
    if letter != NEUTRAL
)
