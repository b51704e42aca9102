"""Inspections as a kind of record: their declaration, cards and menu items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.menu import MenuItem, reads_records
from inspection.inspections.acts import INSPECTION_ACTS
from inspection.inspections.creating import InspectionForm, propose_inspection
from inspection.models import (
    Check,
    ConclusionState,
    Inspection,
    InspectionState,
    InspectionType,
    TeamMember,
    VisitedOrgan,
)
from inspection.models.inspection import OVER, visited_people, visits_one_of
from inspection.plans.creating import may_draft
from massline.templatetags.front import short_day
from records.adapter import RecordAdapter
from records.cards import Card
from records.columns import Cell, code, personal
from records.exporting import Exported
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility.subjects import ChainSubject
from responsibility.visibility import position


class InspectionAdapter(RecordAdapter):
    """Inspections for the shared parts: the people of a visited organ are recused, and a notice that they got in
    another post is hidden from them."""

    walled = True

    def chain_subjects(self, pks: Collection[int]) -> dict[int, ChainSubject]:
        recused, found = visited_people(pks), Inspection.with_joined(self.rows.filter(pk__in=pks))
        for one in found:
            one.recused = recused[one.pk]
        return {one.pk: one.chain_subject() for one in found}

    def recused_from(self, user: Any) -> Any:
        return self.rows.filter(visits_one_of(user)).values("pk")


@dataclass(frozen=True)
class VisitedRow:
    """One visited organ: its conclusion, and what was proposed of it."""

    organ: str
    number: str
    """Of what it is told; empty before."""
    state: str
    outcome: str
    approval: str


@dataclass(frozen=True)
class Member:
    """One post of the team."""

    post: str
    heads: bool
    recused: bool
    reason: str


@dataclass(frozen=True)
class InspectionOrder:
    """On whose order, by whom, of whom, when and how."""

    aim: str
    type: str
    track: str
    category: str
    announced: bool
    basis: str
    first_day: date
    last_day: date
    merged_with: str
    team: list[Member]
    visited: list[VisitedRow]


@dataclass(frozen=True)
class CheckRow:
    """One line of the checklist."""

    item: int
    question: str
    organ: str
    found: str
    problem: bool
    finding: str


def _order(view: RecordView) -> InspectionOrder:
    one = view.record
    basis = _("年度计划：%(item)s") % {"item": one.plan_item} if one.plan_item else _("一事一报：%(post)s") % {
        "post": one.approver
    }  # fmt: skip
    return InspectionOrder(
        aim=one.aim,
        type=one.get_type_display(),
        track=one.get_track_display(),
        category=one.category_path,
        announced=one.announced,
        basis=str(basis),
        first_day=one.first_day,
        last_day=one.last_day,
        merged_with=one.merged_with.number if one.merged_with else "",
        team=[
            Member(str(each.post), each.post_id == one.handler_id, each.recused_at is not None, each.reason)
            for each in one.members.all()
        ],
        visited=[
            VisitedRow(
                organ=each.organ.called,
                number=each.told_number or "",
                state=str(ConclusionState(each.told_state).label) if each.told_state else "",
                outcome=each.get_outcome_display(),
                approval=each.get_approval_display(),
            )
            for each in one.visited.all()
        ],
    )


def _checks(view: RecordView) -> list[CheckRow]:
    return [
        CheckRow(
            item=one.item,
            question=one.question,
            organ=one.organ.called if one.organ else "",
            found=one.get_found_display(),
            problem=one.found == "problem",
            finding=one.finding,
        )
        for one in view.record.checks.all()
    ]


def _with_related(found: Any) -> Any:
    return Inspection.with_joined(found).prefetch_related(
        Prefetch("members", TeamMember.objects.select_related("post__organ")),
        Prefetch("visited", VisitedOrgan.objects.select_related("organ")),
        Prefetch("checks", Check.objects.select_related("organ")),
    )


SEVERAL = pgettext_lazy("several", "督查活动")
INSPECTIONS = register(
    RecordType(
        kind=Inspection.KIND,
        plural="inspections",
        title=_("督查活动"),
        several=SEVERAL,
        model=Inspection,
        acts=INSPECTION_ACTS,
        adapter=InspectionAdapter,
        note="note",
        final=OVER,
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("督查事由"),
                F("title"),
                cell=Cell(
                    lambda one, reading: reading.link(one.KIND, one.number, one.title), css="title", labelled=False
                ),
            ),
            code(
                "type",
                _("督查类型"),
                F("type"),
                dict(InspectionType.choices),
                cell=Cell(lambda one, reading: one.get_type_display()),
            ),
            code(
                "first_day",
                _("开始日期"),
                F("first_day"),
                cell=Cell(lambda one, reading: short_day(one.first_day), css="nowrap"),
            ),
            state_column(InspectionState),
        ),
        listing=Listing(
            SEVERAL,
            "inspections",
            shown=("light", "number", "title", "type", "first_day", "state"),
            joined=("organ", "handler"),
            row_css=light_of,
            caption=_("按期限排列的督查活动"),
            empty=_("还没有督查活动。督查部门按年度计划提出，或者一事一报。"),
        ),
        create=Create(InspectionForm, may_draft, propose_inspection, form_arguments=lambda user: {"user": user}),
        with_related=_with_related,
        exported=Exported(hidden=lambda user, at: Inspection.objects.filter(visits_one_of(user)).values("pk")),
        cards=(
            Card("order", "inspection/inspection.html", _order, heading=_("督查安排"), shape=InspectionOrder),
            Card("checks", "inspection/checks.html", _checks, heading=_("检查清单"), shape=list[CheckRow]),
            INSTRUCTIONS,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
            LINKS,
        ),
    )
)
MENU = (
    MenuItem("inspections", SEVERAL, "eye", 42, reads_records, None, position, Inspection.objects.for_user),
    MenuItem("inspection_new", _("提出督查"), "plus", 67, may_draft),
)
