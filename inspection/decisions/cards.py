"""The cards of a decision's page: the draft, the steps before, and the votes."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind
from inspection.decisions.models import Choice, DecisionRole, Step
from records.cards import Card
from records.models import RecordRole
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.view import RecordView


@dataclass(frozen=True)
class Drafted:
    """What shall be decided, of which sort it is, and who decides."""

    draft: str
    matter_type: str
    decides: str
    drafted_by: str


@dataclass(frozen=True)
class StepRow:
    """One step: taken, not needed, or still open (`taken` null)."""

    step: str
    taken: bool | None
    since: date | None
    until: date | None
    shortened: bool
    text: str


@dataclass(frozen=True)
class VoteRow:
    """How one member voted."""

    name: str
    choice: str
    opinion: str


@dataclass(frozen=True)
class Votes:
    """The last meeting and its votes in numbers; `by_name` is empty but for those who may read names."""

    met_on: date
    members: int
    present: int
    for_it: int
    against: int
    reserved: int
    by_name: list[VoteRow]


def _draft(view: RecordView) -> Drafted:
    one = view.record
    return Drafted(one.draft, str(one.get_matter_type_display()), one.office.called, str(one.handler))


def _steps(view: RecordView) -> list[StepRow]:
    known = {one.step: one for one in view.record.steps.all()}
    rows = [(step, known.get(step)) for step in Step]
    return [
        StepRow(str(step.label), one.taken, one.since, one.until, one.shortened, one.text)
        if one
        else StepRow(str(step.label), None, None, None, False, "")
        for step, one in rows
    ]


def reads_names(view: RecordView) -> bool:
    """Tells whether this person reads who voted how: the heads of both organs, who wrote it down, and auditors."""
    if view.user.kind != Kind.OFFICIAL:
        return view.user.kind == Kind.AUDITOR
    return bool(view.record.roles_of(view.user) & {DecisionRole.HEAD, RecordRole.LEADER, RecordRole.OFFICE})


def _votes(view: RecordView) -> Votes | None:
    one, every = view.record, list(view.record.votes.all())
    if not every:
        return None
    votes = [vote for vote in every if vote.meeting == every[-1].meeting]
    chosen = [vote.choice for vote in votes]
    named = votes if reads_names(view) else []
    return Votes(
        met_on=one.met_on,
        members=one.members,
        present=len(votes),
        for_it=chosen.count(Choice.FOR),
        against=chosen.count(Choice.AGAINST),
        reserved=chosen.count(Choice.RESERVED),
        by_name=[VoteRow(vote.name, str(vote.get_choice_display()), vote.opinion) for vote in named],
    )


CARDS = (
    Card("draft", "inspection/draft.html", _draft, heading=_("决策草案"), shape=Drafted),
    Card("steps", "inspection/steps.html", _steps, heading=_("决策程序"), shape=list[StepRow]),
    Card("votes", "inspection/votes.html", _votes, heading=_("集体讨论"), shape=Votes),
    INSTRUCTIONS,
    FILES,
    TIMELINE,
    OBLIGATIONS,
    CHAIN,
    LINKS,
)
