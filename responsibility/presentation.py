"""Presents obligations, the chain and escalations for pages and REST."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.keys import key_of
from massline.rest_shapes import ABSENT
from responsibility import deadlines, derivation, ladder, notices, obligations
from responsibility.calendar import calendar
from responsibility.chain import GAPS, SKIP_LABELS, Link, Relation, Skip
from responsibility.models import Escalation, Notice, Obligation
from responsibility.rules import editions
from responsibility.subjects import Ordered


@dataclass(frozen=True)
class ObligationStep:
    """One day of the count of a period."""

    date: date
    counted: bool
    number: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class ObligationRow:
    """An obligation as it is shown: by whom, until when, under which article, and how the dates were counted."""

    id: Annotated[str, gettext_lazy("不透明的键，没有先后。")]
    rule: str
    edition: str
    title: str
    basis: str
    organ: str
    post: str
    opened_at: datetime
    due_strict: date | datetime | None
    due_legal: date | datetime | None
    provisional: bool
    overdue: bool
    breached_at: datetime | None
    closed_at: datetime | None
    outcome: str
    outcome_label: str
    light: str
    steps: list[ObligationStep]
    requirement: str = ABSENT


@dataclass(frozen=True)
class ChainLink:
    """One link of the chain (责任链)."""

    organ: str
    post: str
    relation: str
    label: str
    people: list[str]
    present: Annotated[bool, gettext_lazy("现在到了这一环。")]
    skipped: Annotated[str, gettext_lazy("这一环无人负责的原因；有人负责时为空。")]


@dataclass(frozen=True)
class Instruction:
    """A leader's instruction (批示)."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Rung:
    """The people who were notified on one rung of the chain, or why it was passed over."""

    organ: str
    post: str
    people: list[str]
    skipped: str


def light_of(o: Obligation, now: datetime) -> str:
    """Returns the traffic light of an obligation; `none` when it is closed or has no date."""
    if o.closed_at is not None or o.strict_at is None:
        return "none"
    return deadlines.light(o.opened_at, o.strict_at, now, calendar(), unit=obligations.rule_of(o).unit)


def goal_of(o: Obligation, words: Mapping[int, Ordered]) -> str:
    """Returns the goal in the words of the order, else the rule's title in the reader's language."""
    return words[o.pk].goal if o.pk in words else obligations.rule_of(o).shown_title


def goal_of_event(facts: Mapping[str, Any], words: Mapping[tuple[str, int], Ordered] | None = None) -> str:
    """Returns the goal for an event about an obligation; `words` are those of its record, by rule and item."""
    found = (words or {}).get((facts["rule"], facts.get("item", 0)))
    return found.goal if found else editions(facts["rule"])[0].shown_title


def obligation_row(
    o: Obligation, now: datetime, *, steps: bool = False, words: Mapping[int, Ordered] | None = None
) -> ObligationRow:
    """Presents one obligation. `words` are those of an order, by the id of the obligation."""
    applied, said = obligations.rule_of(o), (words or {}).get(o.pk)
    return ObligationRow(
        id=key_of("obligation", o.pk),
        rule=o.rule,
        edition=o.edition,
        title=goal_of(o, words or {}),
        basis=applied.shown_basis,
        organ=o.organ.called_then(o.organ_name),
        post=o.post.called,
        opened_at=o.opened_at,
        due_strict=o.due_strict,
        due_legal=o.due_legal,
        provisional=o.provisional,
        overdue=o.is_overdue(now),
        breached_at=o.breached_at,
        closed_at=o.closed_at,
        outcome=o.outcome,
        outcome_label=o.get_outcome_display(),
        light=light_of(o, now),
        requirement=said.requirement if said else ABSENT,
        steps=_steps(o) if steps else [],
    )


def _steps(o: Obligation) -> list[ObligationStep]:
    found = derivation.derivation(obligations.computed_due(o))
    return [ObligationStep(s.date, s.counted, s.number, derivation.sentence(s)) for s in found]


def chain_links(found: Iterable[Link], reached_level: int | None) -> list[ChainLink]:
    """Presents the chain with its present link lit: the handler's (`reached_level` None), or that of the top leaders
    there."""
    return [
        ChainLink(
            organ=link.organ_called,
            post=link.post_called or link.label,
            relation=str(link.relation),
            label=link.label,
            people=[person_name(link)] if link.user_name else [],
            present=link.skip is None and _is_at(link, reached_level),
            skipped=link.skip_label,
        )
        for link in found
    ]


def person_name(link: Link) -> str:
    if not link.acting_for:
        return link.user_name
    return _("%(who)s（代 %(for)s）") % {"who": link.user_name, "for": link.acting_for}


def _is_at(link: Link, reached_level: int | None) -> bool:
    if reached_level is None:
        return link.relation == Relation.HANDLER
    return link.relation == Relation.TOP and link.depth == reached_level


def escalations_about(kind: str, pk: int) -> list[Escalation]:
    """Reads every step that the obligations of a record have climbed."""
    about = Escalation.objects.filter(obligation__subject_kind=kind, obligation__subject_id=pk)
    return list(about.select_related("obligation", "answered_by", "organ").order_by("id"))


def reached_level(steps: Iterable[Escalation]) -> int | None:
    """Returns how many organs up the open obligations have climbed; None when they lie with the handler."""
    depths = [ladder.depth_of(e.step) for e in steps if e.obligation.closed_at is None]
    return max((depth for depth in depths if depth is not None), default=None)


def instructions_of(steps: Iterable[Escalation]) -> list[Instruction]:
    """Lists the instructions of leaders (批示)."""
    given = sorted((e.instructed_at, e.pk, e) for e in steps if e.instruction and e.instructed_at)
    return [
        Instruction(e.instruction, f"{e.organ.called_then(e.organ_name)} {e.answered_by}", at) for at, _pk, e in given
    ]


def instructions_told(told: Iterable[Notice]) -> dict[int, str]:
    """Returns the instruction behind each notice of one, by the notice; for those who see the record."""
    rows = list(told)
    if not rows:
        return {}
    keys, moments = {notice.subject_key for notice in rows}, {notice.told_at for notice in rows}
    given = Escalation.objects.filter(obligation__subject_key__in=keys, instructed_at__in=moments)
    columns = ("obligation__subject_kind", "obligation__subject_key", "instructed_at", "instruction")
    said = {(kind, key, at): text for kind, key, at, text in given.values_list(*columns)}
    found = {notice.pk: said.get((notice.subject_kind, notice.subject_key, notice.told_at), "") for notice in rows}
    return {pk: text for pk, text in found.items() if text}


def rungs_below(rows: list[Escalation], steps: list[Escalation] | None = None) -> dict[int, list[Rung]]:
    """Returns for each escalation the rungs below it: the people notified there, and who was passed over and why.

    A rung stands in the order of the chain: who handles it, who is in charge, the top leaders. `steps` may bring
    every step about the same records, read before.
    """
    told: dict[tuple[int, str], list[str]] = defaultdict(list)
    if steps is None:
        steps = list(Escalation.objects.filter(obligation__in=[e.obligation_id for e in rows]).select_related("organ"))
    of = {e.obligation_id for e in rows}
    called = {e.pk: (e.organ_id, e.organ.called_then(e.organ_name)) for e in steps}
    below = sorted((e for e in steps if e.obligation_id in of), key=lambda e: (e.noticed_at, e.pk))
    earlier = [e for e in below if e.step not in ladder.WARNINGS]
    climbed = (notices.OVERDUE.name, notices.ESCALATED.name)
    found_below = Notice.objects.filter(escalation__in=[e.pk for e in earlier], kind__in=climbed)
    for notice in sorted(found_below.select_related("recipient", "post__organ", "obligation"), key=_place):
        told[notice.escalation_id, _post_of(notice, called)].append(notice.recipient.name)  # type: ignore[index]
    found = {}
    for e in rows:
        rungs = [x for x in earlier if x.obligation_id == e.obligation_id and x.noticed_at < e.noticed_at]
        found[e.pk] = [rung for x in rungs for rung in _rung(x, told)] + _skipped(e)
    return found


def _post_of(notice: Notice, called: dict[int, tuple[int, str]]) -> str:
    """Names the post in which a person was notified, with its organ's name of then."""
    if notice.post is None or notice.escalation_id is None:
        return ""
    organ, name = called[notice.escalation_id]
    return f"{name} {notice.post.called}" if notice.post.organ_id == organ else str(notice.post)


def _place(notice: Notice) -> tuple[int, int]:
    handles = notice.obligation is not None and notice.post_id == notice.obligation.post_id
    tops = notice.post is not None and notice.post.is_top
    return (0 if handles else 2 if tops else 1, notice.pk)


def _rung(e: Escalation, told: dict[tuple[int, str], list[str]]) -> list[Rung]:
    there = [Rung("", post, people, "") for (pk, post), people in told.items() if pk == e.pk]
    return there + _skipped(e)


def _skipped(e: Escalation) -> list[Rung]:
    return [Rung(s["organ"], s["post"], [], str(SKIP_LABELS[Skip(s["reason"])])) for s in e.skipped or []]


def gaps(rows: Iterable[Notice]) -> dict[int, str]:
    """Of each notice of a gap in the chain the posts that nobody answers in, and why: for whoever keeps the register.

    Who was passed over because of a complaint is none of theirs. A leader's duty that nobody answers skips no link:
    there it is the post that owes it.
    """
    return {notice.pk: _gap(notice) for notice in rows}


def _gap(notice: Notice) -> str:
    skipped = notice.escalation.skipped or [] if notice.escalation else []
    empty = [
        _("%(post)s（%(why)s）") % {"post": f"{s['organ']} {s['post']}".strip(), "why": SKIP_LABELS[Skip(s["reason"])]}
        for s in skipped
        if s["reason"] in GAPS
    ]
    if not empty and notice.obligation:
        empty = [str(notice.obligation.post)]
    return (
        _("无人负责的岗位：%(posts)s。请核对任职登记。") % {"posts": _("；").join(dict.fromkeys(empty))}
        if empty
        else ""
    )
