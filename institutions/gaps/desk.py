"""Gaps as a kind of record: how one is found, the declaration, the cards and the menu items."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.menu import MenuItem, reads_records
from accounts.models import Kind, User
from audit import log
from institutions.duties import LEGAL_OFFICE
from institutions.gaps import events
from institutions.gaps.acts import GAP_ACTS, TO_PLAN
from institutions.gaps.models import OPEN_GAP, Gap, GapKind, GapState, Step
from institutions.models import Power
from massline.acts import Invalid
from massline.templatetags.front import short_day
from massline.texts import LineField, text_field
from records.cards import Card
from records.columns import Cell, code, personal
from records.exporting import Exported
from records.filters import RecordListFilter
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility import duties, obligations
from responsibility.class_fields import CategoryField
from responsibility.models import Organ, Region
from responsibility.people import HeldPost, position_of
from responsibility.pickers import OrganField
from responsibility.visibility import position


def finding_posts(user: User) -> list[HeldPost]:
    """Returns the posts in which this person may say that a rule is missing: those of a legal office, and of any
    organ the head's and the one that receives."""
    held = position_of(user).held if user.kind == Kind.OFFICIAL else ()
    return [one for one in held if one.is_top or one.is_intake or LEGAL_OFFICE in one.duties]


def may_find(user: User) -> bool:
    return bool(finding_posts(user))


def _organs(user: User) -> Any:
    """Returns the organs whose gaps this person may find: their own and those below; a legal office, its region's."""
    posts, where = finding_posts(user), position_of(user)
    organs = Organ.objects.filter(valid_until=None)
    found = organs.filter(pk__in={held.organ for held in posts} | set(where.below))
    for region in Region.objects.filter(pk__in=[held.region for held in posts if LEGAL_OFFICE in held.duties]):
        found |= organs.filter(region__in=Region.objects.within(region).values("pk"))
    return found.distinct().order_by("id")


class GapForm(forms.Form):
    """Which power of which organ has no rule that holds, and how that shows."""

    title = LineField(label=_("缺什么"), max_length=100, help_text=_("一句话，如“招标现场没有人监督”"))
    organ = OrganField(label=_("哪个单位的权力"))
    power = forms.ChoiceField(label=_("管什么权力"), choices=Power.choices)
    step = forms.ChoiceField(label=_("哪个环节"), choices=Step.choices)
    sort = forms.ChoiceField(label=_("哪种缺口"), choices=GapKind.choices)
    category = CategoryField(unsure=_("不分类"))
    evidence = text_field(_("依据"), rows=4, hint=_("哪些事情说明了这个缺口：编号、次数、日期；不写姓名、电话"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if user is not None:
            self.fields["organ"].offer(_organs(user))  # type: ignore[attr-defined]


@transaction.atomic(savepoint=False)
def find(data: dict[str, Any], user: User, at: datetime) -> Gap:
    """Creates the gap of a valid form; the organ owes that somebody is named for it."""
    organ: Organ = data["organ"]
    office = duties.office_of(organ, LEGAL_OFFICE)
    if office is None:
        raise Invalid({NON_FIELD_ERRORS: [_now("本地区还没有合法性审核机构，不能登记缺口")]})
    cell = {name: data[name] for name in ("power", "step", "sort")}
    if known := Gap.objects.filter(organ=organ, state__in=OPEN_GAP, **cell).values_list("number", flat=True).first():
        raise Invalid({"sort": [_now("同一个缺口已经登记：%(number)s，请在那里补充依据") % {"number": known}]})
    number = Gap.numbers().draw(at)
    log.record(events.FOUND, subject=log.Subject(Gap.KIND, number), facts={"at": at.isoformat()})
    gap = Gap.objects.create(
        number=number,
        organ=organ,
        office=office,
        category=data.get("category") or "",
        received_at=at,
        found_by=user,
        title=data["title"],
        evidence=data["evidence"],
        **cell,
    )
    obligations.open_(gap.matter, TO_PLAN, gap.organ_chain_subject(), at)
    return gap


def _choice(choices: Any, label: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(choices=choices, label=label, empty_label=_("全部"))


class GapFilter(RecordListFilter):
    sort = _choice(GapKind.choices, _("缺口"))
    power = _choice(Power.choices, _("权力"))
    step = _choice(Step.choices, _("环节"))

    class Meta:
        model = Gap
        fields = ("q", "state", "sort", "power", "step", "organ", "category", "overdue")


@dataclass(frozen=True)
class Found:
    """The cell of the matrix, the evidence, and what fills it."""

    sort: str
    power: str
    step: str
    evidence: str
    due_on: date | None
    filled_by: str


def _found(view: RecordView) -> Found:
    gap = view.record
    return Found(
        sort=str(gap.get_sort_display()),
        power=str(gap.get_power_display()),
        step=str(gap.get_step_display()),
        evidence=gap.evidence,
        due_on=gap.due_on,
        filled_by=gap.filled_by.number if gap.filled_by else "",
    )


def _labelled(name: str, label: Any, choices: Any) -> Any:
    return code(
        name, label, F(name), dict(choices), cell=Cell(lambda gap, reading: getattr(gap, f"get_{name}_display")())
    )


GAPS = register(
    RecordType(
        kind=Gap.KIND,
        plural="gaps",
        title=_("制度缺口"),
        model=Gap,
        acts=GAP_ACTS,
        note="note",
        final=frozenset(GapState) - OPEN_GAP,
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("缺什么"),
                F("title"),
                cell=Cell(lambda gap, reading: reading.link(gap.KIND, gap.number, gap.title)),
            ),
            code("organ", _("单位"), F("organ__name"), cell=Cell(lambda gap, reading: gap.organ.called)),
            _labelled("power", _("权力"), Power.choices),
            _labelled("step", _("环节"), Step.choices),
            _labelled("sort", _("缺口"), GapKind.choices),
            code(
                "due_on",
                _("完成时限"),
                F("due_on"),
                cell=Cell(lambda gap, reading: gap.due_on and short_day(gap.due_on), css="nowrap"),
            ),
            state_column(GapState),
        ),
        listing=Listing(
            _("制度缺口"),
            "gaps",
            shown=("light", "number", "title", "organ", "power", "step", "sort", "state"),
            joined=("organ", "handler"),
            filters=GapFilter,
            row_css=light_of,
            caption=_("按最近的期限排列的制度缺口"),
            empty=_("还没有登记制度缺口。"),
        ),
        create=Create(GapForm, may_find, find, form_arguments=lambda user: {"user": user}),
        exported=Exported(),
        cards=(
            Card("found", "institutions/gap.html", _found, heading=_("缺口"), shape=Found),
            INSTRUCTIONS,
            FILES,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
            LINKS,
        ),
    )
)
MENU = (
    MenuItem("gaps", _("制度缺口"), "flag", 37, reads_records, None, position, Gap.objects.for_user),
    MenuItem("gap_new", _("登记制度缺口"), "plus", 67, lambda user: bool(_legal_posts(user))),
)


def _legal_posts(user: User) -> list[HeldPost]:
    return [held for held in finding_posts(user) if LEGAL_OFFICE in held.duties]
