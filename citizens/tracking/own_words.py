"""The words between both sides on the page of a citizen's own record: the filed texts, and open questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from citizens.public_sides import public_side
from records.models import ActText

MAX_QUESTIONS = 20


@dataclass(frozen=True)
class OwnText:
    """One text as the citizen filed it."""

    label: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question of officials that the citizen has not answered yet."""

    text: str
    asked_at: datetime
    answered_by: str
    """The slug of the citizen's act that answers it."""


def own_texts(record: Any) -> list[OwnText]:
    """Returns the texts that the citizen filed, without empty ones; none where the page shows nothing of them."""
    side = public_side(record.matter.kind)
    written = side.texts(record) if side.shows_own(record) else {}
    return [OwnText(str(label), text) for label, text in written.items() if text]


def open_questions(record: Any, may: Iterable[str]) -> list[Question]:
    """Returns the questions since the citizen's last answer, oldest first, while the citizen may answer them."""
    matter, asked = record.matter, public_side(record.matter.kind).questions
    answers = {*asked.values()} & {*may}
    if not answers:
        return []
    texts = ActText.objects.about(matter.kind, matter.pk).filter(act__in=[*asked, *answers], public=True)
    newest = takewhile(lambda one: one.act in asked, texts.order_by("-pk")[:MAX_QUESTIONS])
    return [Question(one.text, one.written_at, asked[one.act]) for one in newest if one.text][::-1]
