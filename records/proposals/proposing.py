"""Proposes (提请) that a record of another kind be created because of one that an official sees.

Who may open it does so (`records.creating`); everybody else proposes it to the organ that the kind names, with a
reason and with words for the record. Who decides need not see the source; whom it is about never learns of it.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, User
from audit import context, log
from massline.acts import Invalid, NotVisible, Refused, WrongState
from massline.crypto import ALPHABET
from massline.texts import LineField, ReasonField, text_field
from massline.time import local_day
from records.creating import check_source, create_links, declares_create
from records.kinds import RecordType, record_type, record_types, title_of
from records.links import LED_TO
from records.proposals import events
from records.proposals.models import Proposal, ProposalState
from records.proposals.notifying import notify_new
from records.timeline import Happened, inserted
from responsibility import readers
from responsibility.desk.going_on import GoingOn
from responsibility.models import Organ
from responsibility.people import position_of
from responsibility.subjects import Matter, adapter


class ProposedAlready(WrongState):
    title = gettext_lazy("已经有同样的提请在等待决定")


class ProposalForm(forms.Form):
    title = LineField(label=gettext_lazy("拟办事项"), max_length=100)
    words = text_field(gettext_lazy("建议内容"), required=False)
    reason = ReasonField(label=gettext_lazy("提请理由"), max_length=1000)


def proposable_kinds() -> list[RecordType]:
    """Lists the kinds of which a record can be proposed in this installation."""
    return [declared for declared in record_types() if declared.create and declared.create.receiver]


def opened_by(user: User) -> frozenset[str]:
    """Lists those of them of which this person may create a record."""
    return frozenset(d.kind for d in proposable_kinds() if d.create and d.create.may(user))


# --- Proposing ----------------------------------------------------------------------------------------------------
def receiver(kind: str, source: Any, actor: User) -> Organ:
    """Returns the organ that decides about this person's proposal; raises an ActError where they can make none."""
    declares = declares_create(record_type(kind))
    check_source(declares, source, actor)
    if actor.kind != Kind.OFFICIAL:
        raise Refused(_("您没有提请的权限"))
    if declares.may(actor):
        raise WrongState(_("您有权直接新建，不必提请"))
    organ = _receiver(declares.receiver, source)
    if organ is None:
        raise Invalid({"source": [_("不能由这件事项提请")]})
    return organ


def _receiver(named: Any, source: Any) -> Organ | None:
    """Returns a kind's receiver for a source; of a walled one nothing may reach another organ."""
    if named is None or readers.is_walled(source.matter.kind):
        return None
    organ: Organ | None = named(source)
    return organ


@transaction.atomic
def propose(
    kind: str,
    data: Mapping[str, Any],
    actor: User,
    source: Any,
    relation: str = LED_TO.name,
    *,
    at: datetime | None = None,
) -> Proposal:
    """Makes a proposal by the values of its form, and notifies those who decide.

    Raises NotVisible, Refused, WrongState (ProposedAlready among them) and Invalid with the form.
    """
    about: Matter = source.matter
    adapter(about.kind).lock(about.pk)
    organ, form = receiver(kind, source, actor), ProposalForm(data)
    if Proposal.objects.open().about(about.kind, about.pk).filter(proposed=kind, organ=organ).exists():
        raise ProposedAlready
    if not form.is_valid():
        raise Invalid({name: [str(m) for m in messages] for name, messages in form.errors.items()}, form)
    held, now = position_of(actor).held, at or timezone.now()
    proposal = Proposal(
        number=_number(now),
        source_kind=about.kind,
        source_id=about.pk,
        source_key=about.key,
        proposed=kind,
        relation=relation,
        organ=organ,
        made_by=actor,
        made_in_id=held[0].organ if held else None,
        made_at=now,
        **form.cleaned_data,
    )
    _record(proposal)
    proposal.save(force_insert=True)
    notify_new(proposal)
    return proposal


def _number(at: datetime) -> str:
    """Makes a number without any order."""
    return f"TQ{local_day(at):%Y%m%d}-{''.join(secrets.choice(ALPHABET) for _place in range(8))}"


def _record(proposal: Proposal) -> None:
    facts = {"kind": proposal.proposed, "source_kind": proposal.source_kind, "source": proposal.source_key}
    log.record(
        events.MADE,
        subject=log.Subject(Proposal.KIND, proposal.number),
        actor=context.actor_of(proposal.made_by),
        facts=facts | {"to": proposal.organ.name, "at": proposal.made_at.isoformat()},
    )


# --- On the page of a record --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Proposed:
    """A proposal because of a record, as its page shows it."""

    kind: str
    label: str
    """提请新建任务."""
    state: str
    state_label: Any
    organ: str
    url: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided."""
        return self.state == ProposalState.OPEN


ENDED = {
    ProposalState.DECLINED: (events.DECLINED.name, gettext_lazy("%(label)s：%(organ)s不予采纳")),
    ProposalState.WITHDRAWN: (events.WITHDRAWN.name, gettext_lazy("%(label)s：已撤回")),
}
"""What the timeline of the source says of those that led to nothing; what was taken up is linked."""


def _label(kind: str) -> str:
    return _("提请新建%(kind)s") % {"kind": title_of(kind)}


def proposals_about(record: Any, user: User) -> list[Proposed]:
    """Returns the proposals because of this record that exist for this person; where there can be none, without a
    statement."""
    about: Matter = record.matter
    if not any(declared.create and about.kind in declared.create.sources for declared in proposable_kinds()):
        return []
    found = Proposal.objects.for_user(user).about(about.kind, about.pk).select_related("organ", "made_by")
    return [_shown(proposal) for proposal in found.order_by("pk")]


def _shown(proposal: Proposal) -> Proposed:
    return Proposed(
        kind=proposal.proposed,
        label=_label(proposal.proposed),
        state=proposal.state,
        state_label=proposal.get_state_display(),
        organ=proposal.organ.called,
        url=reverse(Proposal.KIND, args=[proposal.number]),
        made_at=proposal.made_at,
        made_by=proposal.made_by.name,
        ended_at=proposal.decided_at,
    )


def with_proposals(timeline: list[Happened], proposed: Iterable[Proposed]) -> list[Happened]:
    """Adds a line to a timeline for each proposal, and one for each that was declined or withdrawn."""
    lines = []
    for one in proposed:
        words = {"label": one.label, "organ": one.organ}
        said = _("%(label)s，由%(organ)s决定") % words
        lines.append(Happened(one.made_at, events.MADE.name, said, detail="", actor=one.made_by))
        if one.ended_at and one.state in ENDED:
            event, sentence = ENDED[ProposalState(one.state)]
            by = one.organ if one.state == ProposalState.DECLINED else one.made_by
            lines.append(Happened(one.ended_at, event, sentence % words, detail="", actor=by))
    return inserted(timeline, lines)


def to_propose(record: Any, user: User, proposed: Iterable[Proposed] = ()) -> list[GoingOn]:
    """Returns links to what this person may propose because of a record, but for what waits among `proposed`."""
    waiting = {one.kind for one in proposed if one.waits}
    matter: Matter = record.matter
    plural = record_type(matter.kind).plural
    return [
        GoingOn(_label(declared.kind), reverse("propose", args=[plural, matter.key, declared.kind]))
        for declared in proposable_kinds()
        if declared.create and matter.kind in declared.create.sources and declared.kind not in waiting
        if user.kind == Kind.OFFICIAL and not declared.create.may(user) and _receiver(declared.create.receiver, record)
    ]


def links_because(kind: str, number: str, user: User) -> list[GoingOn]:
    """Returns what this person may open or propose because of a record that exists for them; where no kind is opened
    because of such a one, without a statement."""
    if not any(declared.create and kind in declared.create.sources for declared in record_types()):
        return []
    try:
        record = record_type(kind).visible(user, number, to_show=False)
    except NotVisible:
        return []
    return create_links(record, user) + to_propose(record, user, proposals_about(record, user))
