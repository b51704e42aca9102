"""The cards that a record of every kind can have."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.cards import Card, Place
from records.creating import create_links
from records.documents.panel import DocumentRow, document_rows
from records.files.acts import ADDING
from records.files.panel import desk_panel
from records.kinds import RecordType
from records.links import Linked, with_links
from records.proposals.proposing import Proposed, to_propose, with_proposals
from records.publishing.cards import OF_RECORD as PUBLICATIONS
from records.publishing.proposing import publishing_act
from records.timeline import Happened, timeline
from records.view import RecordView
from responsibility.desk.going_on import GoingOn
from responsibility.presentation import ChainLink, Instruction, instructions_of


@dataclass(frozen=True)
class Related:
    """The records that this one is linked with (相关事项), the proposals because of it, and links to create or propose
    another."""

    linked: list[Linked]
    proposed: list[Proposed]
    create_links: list[GoingOn]


def _related(view: RecordView) -> Related | None:
    record, user = view.record, view.user
    found = Related(view.linked, view.proposed, create_links(record, user) + to_propose(record, user, view.proposed))
    return found if found.linked or found.proposed or found.create_links else None


def _timeline(view: RecordView) -> list[Happened]:
    return with_proposals(
        with_links(timeline(view.record.matter, public=False, orders=view.record.orders), view.linked), view.proposed
    )


def _chain(view: RecordView) -> list[ChainLink] | None:
    """Returns the chain while an obligation is open."""
    return view.chain if view.owed else None


INSTRUCTIONS = Card(
    "instructions",
    "components/instructions.html",
    lambda view: instructions_of(view.steps) or None,
    shape=list[Instruction],
)
FILES = Card("attachments", "components/attachments.html", lambda view: desk_panel(view.record, view.acts), acts=ADDING)
"""For kinds that have an act `attach`, and `file_paths` among their addresses."""
TIMELINE = Card("timeline", "components/timeline.html", _timeline, heading=_("办理经过"))
OBLIGATIONS = Card(
    "obligations", "components/obligations.html", lambda view: view.obligations, Place.SIDE, heading=_("期限")
)
CHAIN = Card("chain", "components/chain.html", _chain, Place.SIDE, heading=_("责任链"), shape=list[ChainLink])
DOCUMENTS = Card(
    "documents",
    "components/documents.html",
    lambda view: document_rows(view.kind, view.record, view.user) or None,
    Place.SIDE,
    heading=pgettext_lazy("heading", "文书"),
    shape=list[DocumentRow],
)
LINKS = Card("related", "components/links.html", _related, Place.SIDE)

STANDARD_CARDS = (INSTRUCTIONS, TIMELINE, OBLIGATIONS, CHAIN, PUBLICATIONS, DOCUMENTS, LINKS)
"""In their order; what a kind does not declare otherwise."""


def cards_of(kind: RecordType) -> tuple[Card, ...]:
    """Returns the cards of a kind; those that every kind has, where it declares none. A kind that has no documents, or
    publishes nothing, has no card of them."""
    without = {DOCUMENTS} if not kind.documents else set()
    without |= {PUBLICATIONS} if publishing_act(kind.acts) is None else set()
    return tuple(card for card in kind.cards or STANDARD_CARDS if card not in without)
