"""The cards of the page of one line of the register of transfers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import context, log
from citizens.tracking.view import ComplainedAbout, complained_about
from massline.time import local_day
from petitions.events import TRANSFER_READ
from petitions.models import Channel, Demand, TextKind
from petitions.transfers.models import Transfer
from records.cards import Card
from records.files.models import Attachment
from records.models import ActText
from records.standard_cards import LINKS, OBLIGATIONS
from records.view import RecordView


@dataclass(frozen=True)
class Entry:
    """The entry in the register: sender, receiver, days, and the receipt."""

    channel: str
    pages: int
    sent_from: str
    sent_to: str
    sent_on: date
    sent_by: str
    receipt_number: str
    receipt_on: date | None
    receipt_by: str


@dataclass(frozen=True)
class WrittenText:
    """A text of an act on the petition, or an answer to it."""

    label: str
    at: datetime
    text: str


@dataclass(frozen=True)
class NamedFile:
    """A file of the petition; without an address while it is not served."""

    name: str
    url: str


@dataclass(frozen=True)
class HandedOver:
    """The content of the petition that is to be handed over."""

    title: str
    body: str
    wish: str
    place: str
    complained: list[ComplainedAbout]
    texts: list[WrittenText]
    files: list[NamedFile]


def _entry(view: RecordView) -> Entry:
    line: Transfer = view.record
    return Entry(
        channel=str(Channel(line.channel).label),
        pages=line.pages,
        sent_from=line.sent_from.name,
        sent_to=line.sent_to.name,
        sent_on=local_day(line.sent_at),
        sent_by=line.sent_by.name,
        receipt_number=line.receipt_number,
        receipt_on=line.receipt_on,
        receipt_by=line.receipt_by.name if line.receipt_by else "",
    )


def _handed_over(view: RecordView) -> HandedOver | None:
    """Returns the content for its sender until the receipt; each look is logged."""
    line: Transfer = view.record
    if not line.may_be_read_by(view.user):
        return None
    assert line.demand is not None
    note_reading(line, view.user)
    petition = line.demand.petition
    return HandedOver(
        title=petition.title,
        body=petition.body,
        wish=petition.wish,
        place=petition.place,
        complained=complained_about(petition.filing),
        texts=_texts(line.demand),
        files=_files(line, line.demand),
    )


def _texts(demand: Demand) -> list[WrittenText]:
    """Returns the texts of the acts, then the answers."""
    written = ActText.objects.about(Demand.KIND, demand.pk).exclude(text="").order_by("pk")
    texts = [WrittenText(str(TextKind(one.kind).label), one.written_at, one.text) for one in written]
    answers = demand.answers.order_by("pk")
    return texts + [WrittenText(str(_("答复")), one.answered_at, one.text) for one in answers]


def _files(line: Transfer, demand: Demand) -> list[NamedFile]:
    rows = Attachment.objects.about(Demand.KIND, demand.pk).kept()
    return [
        NamedFile(one.filename, reverse("transfer_file", args=[line.number, one.pk]) if one.is_served else "")
        for one in rows
    ]


@transaction.atomic
def note_reading(line: Transfer, user: User) -> None:
    log.record(TRANSFER_READ, subject=log.Subject(Transfer.KIND, line.number), actor=context.actor_of(user))


CARDS = (
    Card("entry", "petitions/transfer_entry.html", _entry, heading=_("登记信息")),
    Card("said", "petitions/transfer_said.html", _handed_over),
    OBLIGATIONS,
    LINKS,
)
