"""The act by which a head of the rated organ looks into a bad rating (不满意); for the petition office, a head of the
organ above.

The rule says that only this act ends it, so that neither writing off nor handing over touches it. Each rated side has
its own number, and the database lets one be open for each.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from massline.acts import Doing
from massline.inputs import ActForm
from massline.texts import text_field
from massline.time import today
from petitions import events
from petitions.acts.base import DemandAct
from petitions.figures.indicators import SCORES, Satisfaction
from petitions.models import Demand, RatedObject, State, TextKind
from petitions.visibility import LOOK_RULE, Role
from records.effects import Writes
from responsibility import chain, obligations
from responsibility.chain import Link, Relation, Skip
from responsibility.models import Appointment, Obligation
from responsibility.people import organs_above, position_of, receiving_post
from responsibility.subjects import ChainSubject

ITEMS = {RatedObject.ORGAN: 1, RatedObject.PETITION_OFFICE: 2}
SIDES = {item: side for side, item in ITEMS.items()}


def is_bad(doing: Doing) -> bool:
    return doing.data["score"] in SCORES[Satisfaction.DISSATISFIED]


def open_looks(demand: Demand) -> list[Obligation]:
    return [o for o in demand.owed if o.rule == LOOK_RULE and o.closed_at is None]


def own_looks(demand: Demand, actor: Any) -> list[Obligation]:
    """Returns the open looks that the actor may give: those owed by an organ that the actor heads, as either of two
    heads."""
    organs = {held.organ for held in position_of(actor).held if held.is_top}
    return [o for o in open_looks(demand) if o.organ_id in organs]


def post_that_looks(demand: Demand, side: str, doing: Doing) -> Link | None:
    """Returns the lowest top post of the chain that is held by an official who may see the petition: not complained
    about, and not its handler. Without one the highest top post owes the look, and the ladder reports that no official
    answers there."""
    rated = demand.organ_id if side == RatedObject.ORGAN else demand.office_id
    above = int(rated == demand.office_id)
    tops = [
        link
        for link in chain.chain(_chain_subject_in(demand, rated), doing.at)
        if link.relation == Relation.TOP and link.depth >= above and link.post is not None
    ]
    seeing = organs_above(frozenset({demand.organ_id}))
    fit = [link for link in tops if link.organ in seeing and link.skip != Skip.COMPLAINED_ABOUT] or tops
    return next((link for link in fit if link.skip is None), fit[-1] if fit else None)


def _chain_subject_in(demand: Demand, organ: int) -> ChainSubject:
    work = demand.chain_subject()
    return work if organ == demand.organ_id else replace(work, organ=organ, post=receiving_post(organ))


class OpensLook:
    """Opens the obligation to look into a bad rating, unless one is open for the same side already."""

    def apply(self, doing: Doing) -> None:
        demand, side = doing.record, doing.data["object"]
        about = Obligation.objects.open().about("petition", demand.pk)
        if not is_bad(doing) or about.filter(rule=LOOK_RULE, item=ITEMS[side]).exists():
            return
        link = post_that_looks(demand, side, doing)
        if link is not None:
            work = replace(demand.chain_subject(), organ=link.organ, post=link.post)
            obligations.open_(demand.matter, LOOK_RULE, work, doing.at, item=ITEMS[side])


def people_to_notify(demand: Demand) -> list[tuple[int, int | None]]:
    """Returns the head of the petition office and the holders of the top posts that owe a look, each once."""
    owing = Obligation.objects.open().about("petition", demand.pk).filter(rule=LOOK_RULE).values("organ")
    theirs = Q(post__organ__in=owing) | Q(post__organ=demand.office_id)
    people = Appointment.objects.answering(today()).filter(theirs, post__is_top=True)
    return list(people.order_by("user", "post").distinct("user").values_list("user", "post"))


class LookForm(ActForm):
    object = forms.ChoiceField(
        label=_("过问哪一方的评价"), choices=RatedObject.choices, required=False, widget=forms.RadioSelect
    )
    text = text_field(
        _("过问情况"), rows=4, hint=_("写明核实了什么、怎样改进；只有办理人员看得到，信访人看到的是您已经过问")
    )

    def __init__(self, data: Mapping[str, Any] | None, record: Any, sides: list[str]) -> None:
        self.sides = sides
        super().__init__(data, record)

    def prepare(self) -> None:
        field: Any = self.fields["object"]
        field.choices = [(side, RatedObject(side).label) for side in self.sides]
        if len(self.sides) == 1:
            self.initial = {"object": self.sides[0]}

    def clean_object(self) -> str:
        chosen: str = self.cleaned_data["object"]
        if not chosen and len(self.sides) != 1:
            raise ValidationError(_("请选择过问哪一方的评价"))
        return chosen or self.sides[0]


class EndsLook:
    def apply(self, doing: Doing) -> None:
        item = ITEMS[RatedObject(doing.data["object"])]
        for owed in own_looks(doing.record, doing.actor):
            if owed.item == item:
                obligations.close_one(owed.pk, doing.at)


class LookInto(DemandAct):
    slug, label, basis = "look_into", _("过问不满意评价"), "内部规定（待确认）：评价不满意的，主要负责人过问"
    button = _("提交过问情况")
    from_states, roles = frozenset({State.HANDLING, State.ANSWERED, State.CLOSED}), frozenset({Role.LOOKER})
    form, event = LookForm, events.LOOKED_INTO
    effects = (Writes("text", kind=TextKind.NOTE), EndsLook())

    def build_form(self, record: Demand, actor: Any, data: Mapping[str, Any] | None) -> forms.BaseForm:
        sides = [SIDES[o.item].value for o in own_looks(record, actor)] if record is not None else RatedObject.values
        return LookForm(data, record, sides)

    def facts(self, doing: Doing) -> dict[str, Any]:
        item = ITEMS[RatedObject(doing.data["object"])]
        organ = next(o.organ.name for o in own_looks(doing.record, doing.actor) if o.item == item)
        return {"organ": organ, "object": doing.data["object"]}
