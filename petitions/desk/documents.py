"""The letters to petitioners (告知书) as printed documents, in exactly the words in which the organ tells them."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.models import User
from citizens.models import CitizenNotification
from citizens.telling.letters import printed
from citizens.telling.queue import to_tell
from massline.acts import NotVisible
from massline.time import local_day
from petitions.models.petition import DemandQuerySet
from petitions.public.letters import LETTERS, NEUTRAL
from records.documents.document import Document, Issue, OfficialLetter
from responsibility.people import position_of


def with_letters(demands: DemandQuerySet) -> DemandQuerySet:
    """Adds each printable letter, oldest first, and the organ that tells it, in the same statement."""
    letters = (
        CitizenNotification.objects.filter(subject_kind=demands.model.KIND, subject_id=OuterRef("pk"))
        .printable()
        .order_by("pk")
    )
    written = JSONObject(pk="pk", letter="letter", office="office_id", made_at="made_at")
    return demands.annotate(letters_written=ArraySubquery(letters.values(json=written)))


def _letters(letter: str, demand: Any, user: User) -> list[Issue]:
    """Returns the letters of this name that an organ of the user tells or has told. Their numbers stay: only the last
    one can have been recalled."""
    organs = position_of(user).organs
    named = (one for one in demand.letters_written if one["letter"] == letter)
    return [
        Issue(partial(_data, one["pk"], user), number, local_day(datetime.fromisoformat(one["made_at"])))
        for number, one in enumerate(named, 1)
        if one["office"] in organs
    ]


def _data(telling: int, user: User) -> OfficialLetter:
    found = to_tell(user).filter(pk=telling).printable().first()
    if found is None:
        raise NotVisible
    return printed(str(LETTERS[found.letter].title), found.text, found.made_at)


DOCUMENTS = tuple(
    Document(name=letter, title=title, several=partial(_letters, letter))
    for letter, title in LETTERS.titles.items()
    if letter != NEUTRAL
)
