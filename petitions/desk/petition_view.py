"""The views of a petition that pages and REST share; they hold only what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from citizens.identity.labels import IDENTITY_LABELS
from citizens.identity.sealing import readable
from citizens.models import TellBy
from citizens.tracking.view import ComplainedAbout, Tracked, complained_about
from citizens.tracking.view import tracked as tracked_record
from massline.rest_shapes import ABSENT
from petitions.acts.forms import SCORES
from petitions.acts.look_into_rating import SIDES
from petitions.desk.columns import row
from petitions.models import Demand, Outcome, RatedObject, State
from petitions.visibility import LOOK_RULE
from records.documents.panel import DocumentRow, document_rows
from records.kinds import record_type
from responsibility import chain, organ_names
from responsibility.models import Escalation, Obligation
from responsibility.models import Outcome as Ended
from responsibility.obligations import rule_of
from responsibility.presentation import (
    ChainLink,
    Instruction,
    ObligationRow,
    chain_links,
    escalations_about,
    instructions_of,
    obligation_row,
    reached_level,
)


@dataclass(frozen=True)
class PetitionAnswer:
    """An answer (答复意见)."""

    outcome: Outcome
    outcome_label: str
    text: str
    at: datetime
    organ: str
    returned: Annotated[bool, gettext_lazy("已被退回重办")]


@dataclass(frozen=True)
class PetitionRating:
    """What the petitioner thinks of how it was handled (评价)."""

    object: str
    object_label: str
    score: int
    reason: str
    at: datetime


@dataclass(frozen=True)
class OwnRating:
    """A rating as its author reads it: in the words of the form."""

    object_label: str
    score_label: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class MaskedIdentity:
    """One fact of who the petitioner is."""

    field: str
    label: str
    value: str
    masked: bool


@dataclass(frozen=True)
class PetitionRepresentative:
    """One more representative of the group; masked until unmasked."""

    seq: Annotated[int, gettext_lazy("从 2 起；第一名是信访人本人。")]
    name: str
    phone: str
    masked: bool


@dataclass(frozen=True)
class PetitionFacts:
    """What a petition's own answer has besides its row: identities stay masked, what was unmasked stands by itself."""

    body: str
    place: str
    wish: str
    channel: str
    channel_label: str
    region: Annotated[str, gettext_lazy("行政区划代码")]
    region_name: str
    outcome: str
    outcome_label: str
    office: str
    tell_by: TellBy
    tell_by_label: str
    answers: list[PetitionAnswer]
    ratings: list[PetitionRating]
    instructions: list[Instruction]
    complained_about: list[ComplainedAbout]
    petitioner: list[MaskedIdentity]
    representatives: list[PetitionRepresentative]
    chain: list[ChainLink]
    documents: list[DocumentRow]
    unmasked: Annotated[dict[str, str], gettext_lazy("只在办理 unmask 后出现。")] = ABSENT


@dataclass(frozen=True, kw_only=True)
class TrackedPetition(Tracked):
    """What the petitioner may know of it."""

    persons: Annotated[int, gettext_lazy("信访人数")]
    answers: list[PetitionAnswer]


def obligations_of(demand: Demand) -> list[ObligationRow]:
    """Returns all obligations about a demand, open ones first."""
    now = timezone.now()
    rows = sorted(demand.owed, key=lambda o: o.closed_at is not None)
    return [_with_side(o, obligation_row(o, now, steps=True)) for o in rows]


def _with_side(o: Obligation, shown: ObligationRow) -> ObligationRow:
    """Adds the rated side to the title of a look at a bad rating: both sides may owe one at the same time."""
    if o.rule != LOOK_RULE:
        return shown
    words = {"goal": rule_of(o).shown_title, "side": RatedObject(SIDES[o.item]).label}
    return replace(shown, title=_("%(goal)s（%(side)s）") % words)


def answers(demand: Demand) -> list[PetitionAnswer]:
    """Returns the answers, newest first; one that was returned (退回重办) stays, and is marked."""
    given_ones = demand.answers_given  # type: ignore[attr-defined]
    called = organ_names.called(given["organ"] for given in given_ones)
    return [
        PetitionAnswer(
            outcome=Outcome(given["outcome"]),
            outcome_label=str(Outcome(given["outcome"]).label),
            text=given["text"],
            at=_moment(given["at"]),
            organ=called.get(given["organ"], given["organ"]),
            returned=place > 0 or _was_returned(demand),
        )
        for place, given in enumerate(given_ones)
    ]


def _moment(kept: str) -> datetime:
    """Parses an instant that PostgreSQL wrote into JSON."""
    found = parse_datetime(kept)
    assert found is not None
    return found


def _was_returned(demand: Demand) -> bool:
    """Returns whether the last answer was returned without a new one since, also when the petitioner then withdrew."""
    if demand.state != State.WITHDRAWN:
        return demand.state == State.HANDLING
    return any(owed.rule == "XF06" and owed.outcome == Ended.RELEASED for owed in demand.owed)


def chain_of(demand: Demand, steps: list[Escalation]) -> list[ChainLink]:
    """Returns the links of the responsibility chain now, with the one lit that the petition has climbed to."""
    return chain_links(chain.chain(demand.chain_subject(), timezone.now()), reached_level(steps))


def ratings(demand: Demand) -> list[PetitionRating]:
    return [
        PetitionRating(
            object=given["object"],
            object_label=str(RatedObject(given["object"]).label),
            score=given["score"],
            reason=given["reason"],
            at=_moment(given["at"]),
        )
        for given in demand.ratings_given  # type: ignore[attr-defined]
    ]


def own_ratings(demand: Demand) -> list[OwnRating]:
    """Returns the petitioner's last rating of each object; none for a petition that was handed over."""
    given = [] if demand.sealed else ratings(demand)
    words = dict(SCORES)
    return [OwnRating(one.object_label, str(words[one.score]), one.reason, one.at) for one in given]


def petitioner(demand: Demand, unmasked: Mapping[str, str]) -> list[MaskedIdentity]:
    """Returns the petitioner's identity as its officials see it: masked, except for the fields that they have just
    unmasked."""
    return [
        MaskedIdentity(
            field=name,
            label=str(IDENTITY_LABELS[name]),
            value=readable(name, unmasked[name]) if name in unmasked else value,
            masked=name not in unmasked,
        )
        for name, value in demand.petition.filing.masked().items()
        if value
    ]


def representatives(demand: Demand) -> list[PetitionRepresentative]:
    """Returns the other representatives of the group, masked like the petitioner."""
    if demand.petition.persons == 1:
        return []
    opened = getattr(demand, "unmasked_others", {})
    found = []
    for one in demand.petition.filing.representatives.order_by("seq"):
        clear = opened.get(one.pk, {})
        shown = one.masked() | {name: readable(name, value) for name, value in clear.items()}
        found.append(PetitionRepresentative(one.seq, **shown, masked=not clear))
    return found


def summary(demand: Demand, now: datetime) -> dict[str, Any]:
    """Builds the REST row, with the organ's name in the place of its code."""
    return row(demand, now) | {"organ": demand.organ.name}


def facts(demand: Demand, user: User) -> PetitionFacts:
    """Builds the facts that REST gives for one petition besides its row."""
    petition, steps = demand.petition, escalations_about(Demand.KIND, demand.pk)
    return PetitionFacts(
        body=petition.body,
        place=petition.place,
        wish=petition.wish,
        channel=petition.channel,
        channel_label=petition.get_channel_display(),
        region=petition.region.code,
        region_name=petition.region.name,
        outcome=demand.outcome,
        outcome_label=demand.get_outcome_display(),
        office=demand.office.name,
        tell_by=TellBy(petition.filing.tell_by),
        tell_by_label=petition.filing.get_tell_by_display(),
        answers=answers(demand),
        ratings=ratings(demand),
        instructions=instructions_of(steps),
        complained_about=complained_about(demand.petition.filing),
        petitioner=petitioner(demand, {}),
        representatives=representatives(demand),
        chain=chain_of(demand, steps) if demand.due_at else [],
        documents=document_rows(record_type(Demand.KIND), demand, user),
        unmasked=getattr(demand, "unmasked", ABSENT),
    )


def tracked(demand: Demand) -> TrackedPetition:
    """Builds the petitioner's view: real states, real dates, the organ in charge. For an accusation it shows only that
    and when it was handed over, because the holder of the code may not be its author."""
    shown = {each.name: getattr(own, each.name) for own in [tracked_record(demand)] for each in fields(own)}
    if demand.sealed:
        happened = [replace(one, detail="") for one in shown["timeline"] if one.event in ("filed", "transferred")]
        shown |= {"title": "", "organ": "", "organ_name": "", "timeline": happened, "obligations": []}
    given = [] if demand.sealed else answers(demand)
    return TrackedPetition(**shown, persons=demand.petition.persons, answers=given)
