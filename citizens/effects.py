"""The effects of acts on letters and ratings, for every kind that citizens file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from audit import context, log
from citizens import events
from citizens.models import CitizenNotification, NotificationState, Rating
from citizens.public_sides import public_side
from citizens.telling.letters import Letter
from citizens.telling.owing import owe_letter
from citizens.tracking.lookup import filing_of
from massline.acts import Doing
from massline.time import official_day
from responsibility import obligations
from responsibility.models import Obligation, Organ
from responsibility.people import receiving_post
from responsibility.recording import subject_of


@dataclass(frozen=True)
class Issues:
    """Puts a letter into the queue of the organ that has to tell the citizen, whose receiving post owes that."""

    letter: str

    def apply(self, doing: Doing) -> None:
        record = doing.record
        letter = _letter(record, self.letter)
        teller = record.office if letter.by_office else record.organ
        CitizenNotification.objects.create(
            subject_kind=record.KIND,
            subject_id=record.pk,
            filing_id=filing_of(record),
            office=teller,
            letter=letter.name,
            text=_text(letter, doing, teller.name),
            owed=_notice_of(record, letter, teller) or owe_letter(record, teller.pk, doing.at),
            made_at=doing.at,
        )


def _letter(record: Any, name: str) -> Letter:
    book = public_side(record.KIND).letters
    assert book is not None, f"{record.KIND} has no letters"
    return book[name]


def _notice_of(record: Any, letter: Letter, teller: Organ) -> Obligation | None:
    """Returns the notice that the organ owes by law, when this letter is the one that gives it."""
    if not letter.gives:
        return None
    given = CitizenNotification.objects.filter(owed=OuterRef("pk"))
    owed = Obligation.objects.open().about(record.KIND, record.pk).filter(rule__in=letter.gives, organ=teller)
    return owed.exclude(Exists(given)).order_by("pk").first()


def _text(letter: Letter, doing: Doing, teller: str) -> str:
    record = doing.record
    book = public_side(record.KIND).letters
    assert book is not None
    due = Obligation.objects.open().about(record.KIND, record.pk).filter(rule=letter.dated).first()
    said = {name: value for name, value in doing.data.items() if isinstance(value, str | int)}
    words = {
        "number": record.matter.key,
        "organ": record.organ.name,
        "due": official_day(due.due_legal) if due and due.due_legal else "",
    }
    provisional = bool(due and due.provisional)
    return book.text(letter, said | words | dict(book.words(record)), teller, doing.at, provisional=provisional)


@dataclass(frozen=True)
class Recalls:
    """Recalls a letter that is no longer true before it is told; without a name, every letter. Each recall is an event
    of its own, and a message about the letter that still waits is not sent."""

    letter: str = ""

    def apply(self, doing: Doing) -> None:
        assert doing.event is not None
        waiting = CitizenNotification.objects.about(doing.record.KIND, doing.record.pk).waiting()
        for one in (waiting.filter(letter=self.letter) if self.letter else waiting).order_by("pk"):
            facts = {"letter": one.letter, "at": doing.at.isoformat()}
            actor = context.actor_of(doing.actor)
            log.record(events.RECALLED, subject=subject_of(doing.record), actor=actor, facts=facts)
            one.state = NotificationState.RECALLED
            one.save(update_fields=["state"])
            if one.owed_id is not None:
                obligations.close_one(one.owed_id, doing.at, released=True)
            log.resume(doing.event)


def office_tells(record: Any, left: Organ) -> None:
    """Hands the letters that an organ had still to tell to the record's office when the record leaves the organ, which
    then no longer sees it."""
    for one in CitizenNotification.objects.about(record.KIND, record.pk).waiting().filter(office=left):
        one.office = record.office
        one.save(update_fields=["office"])
        post = receiving_post(record.office_id)
        if one.owed_id and post:
            obligations.hand_over_one(one.owed_id, post)


@dataclass(frozen=True)
class Rates:
    """Keeps one rating an object; a later one replaces it, and the log keeps both."""

    organ: Callable[[Doing], Organ]
    """The organ that is rated."""

    def apply(self, doing: Doing) -> None:
        data = doing.data
        Rating.objects.update_or_create(
            subject_kind=doing.record.KIND,
            subject_id=doing.record.pk,
            object=data["object"],
            defaults={
                "organ": self.organ(doing),
                "score": data["score"],
                "reason": data["reason"],
                "rated_at": doing.at,
            },
        )
