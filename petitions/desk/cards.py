"""The cards of a petition's page that other kinds do not have."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from citizens.telling.queue import waits_to_be_told
from citizens.tracking.view import ComplainedAbout, complained_about
from petitions.desk import petition_view as show
from petitions.models import State
from petitions.public.letters import NOTICE_RULES
from records.cards import Card, Place
from records.standard_cards import CHAIN, DOCUMENTS, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.view import RecordView


@dataclass(frozen=True)
class Letter:
    """The text of the petition (反映的情况)."""

    body: str
    wish: str


@dataclass(frozen=True)
class Entry:
    """The facts under which the petition was registered (登记信息)."""

    channel: str
    received_at: datetime
    postmarked_on: date | None
    persons: int
    purpose: str
    category: str
    region: str
    place: str
    complained: list[ComplainedAbout]


@dataclass(frozen=True)
class Identity:
    """The petitioner (信访人), masked except for the fields that this reader has just unmasked."""

    petitioner: list[show.MaskedIdentity]
    representatives: list[show.PetitionRepresentative]
    tell_by: str


def _persons(view: RecordView) -> int | None:
    persons = view.record.petition.persons
    return persons if persons > 1 else None


def _letter(view: RecordView) -> Letter:
    petition = view.record.petition
    return Letter(petition.body, petition.wish)


def _entry(view: RecordView) -> Entry:
    demand, petition = view.record, view.record.petition
    return Entry(
        channel=petition.get_channel_display(),
        received_at=demand.received_at,
        postmarked_on=petition.postmarked_on,
        persons=petition.persons,
        purpose=demand.get_purpose_display(),
        category=demand.category_path,
        region=petition.region.called,
        place=petition.place,
        complained=complained_about(petition.filing),
    )


def _identity(view: RecordView) -> Identity | None:
    demand = view.record
    found = show.petitioner(demand, getattr(demand, "unmasked", {}))
    tell_by = demand.petition.filing.get_tell_by_display()
    return Identity(found, show.representatives(demand), tell_by) if found else None


def _to_tell(view: RecordView) -> bool | None:
    """Returns whether a letter waits to be told by the reader's organ; the written notice counts only once the organ
    has decided."""
    demand = view.record
    undecided = demand.state in (State.REGISTERED, State.FORWARDED, State.OBJECTED, State.DECLINING)
    return waits_to_be_told(demand, view.user, besides=NOTICE_RULES if undecided else ()) or None


CARDS = (
    Card("persons", "components/persons.html", _persons, Place.TAG),
    Card("to_tell", "petitions/to_tell.html", _to_tell, Place.HEAD),
    Card("letter", "petitions/letter.html", _letter, heading=_("反映的情况")),
    Card("entry", "petitions/entry.html", _entry, Place.HALF, heading=_("登记信息")),
    Card(
        "identity",
        "petitions/identity.html",
        _identity,
        Place.HALF,
        heading=_("信访人"),
        acts=frozenset({"unmask"}),
    ),
    Card("answers", "petitions/answers.html", lambda view: show.answers(view.record)),
    INSTRUCTIONS,
    FILES,
    Card(
        "ratings",
        "petitions/ratings.html",
        lambda view: show.ratings(view.record) or None,
        heading=_("群众评价"),
    ),
    TIMELINE,
    OBLIGATIONS,
    CHAIN,
    DOCUMENTS,
    LINKS,
)
