"""Regulations and their texts as kinds of record: their declarations and menu items."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from accounts.menu import MenuItem, reads_records
from citizens.adapter import CitizenRecordAdapter
from citizens.public_sides import open_to_citizens
from institutions import public
from institutions.acts import REGULATION_ACTS, TEXT_ACTS
from institutions.acts.comments import COMMENT_ACTS
from institutions.cards import COMMENT_CARDS, REGULATION_CARDS, TEXT_CARDS
from institutions.creating import RegulationForm, may_create, propose
from institutions.importing.importer import IMPORTER, office_of
from institutions.models import (
    ENDED,
    OPEN_TEXT,
    Power,
    Regulation,
    RegulationKind,
    RegulationState,
    RegulationText,
    TextState,
)
from institutions.models.comment import Comment, CommentState, Outcome
from institutions.models.regulation import nobody_answers
from massline.templatetags.front import short_day
from records.columns import Cell, code, personal
from records.exporting import Exported
from records.filters import DayInput, LineFilter, RecordListFilter
from records.kinds import Create, RecordType, register
from records.listing import Listing
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from responsibility.people import position_of

KINDS = dict(RegulationKind.choices)


def _day(day: date | None) -> Any:
    """Shows a day; nothing where it is not known."""
    return short_day(day) if day else ""


class RegulationFilter(RecordListFilter):
    kind = django_filters.ChoiceFilter(choices=RegulationKind.choices, label=_("种类"), empty_label=_("全部"))
    mine = django_filters.ChoiceFilter(
        choices=[("owner", _("我执行的")), ("supervisor", _("我监督的")), ("organ", _("本单位制定的"))],
        method="by_mine",
        label=_("与我的关系"),
        empty_label=_("全部"),
    )

    power = django_filters.ChoiceFilter(
        choices=Power.choices, method="by_power", label=_("管什么权力"), empty_label=_("全部")
    )
    people = django_filters.ChoiceFilter(
        choices=[("nobody", _("没有人落实"))], method="by_people", label=_("落实的人"), empty_label=_("全部")
    )

    class Meta:
        model = Regulation
        fields = ("q", "state", "kind", "mine", "power", "people", "organ", "category", "overdue")

    def by_people(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(nobody_answers()).exclude(kind=RegulationKind.EXTERNAL)

    def by_power(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(powers__contains=[value])

    def by_mine(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if self.user is None:
            return qs.none()
        where = position_of(self.user)
        mine = {
            "owner": Q(owner__in=where.posts),
            "supervisor": Q(supervisor__in=where.posts),
            "organ": Q(organ__in=where.organs),
        }
        return qs.filter(mine[value])


class TextFilter(RecordListFilter):
    """Texts of one regulation, and those that were in force on a day."""

    regulation = LineFilter(field_name="regulation__number", label=_("制度编号"), max_length=24)
    on = django_filters.DateFilter(method="by_day", widget=DayInput, label=_("哪一天有效"))

    class Meta:
        model = RegulationText
        fields = ("q", "state", "regulation", "on", "organ", "overdue")

    def by_day(self, qs: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return qs.filter(Q(until=None) | Q(until__gt=value), since__lte=value)


REGULATIONS = register(
    RecordType(
        kind=Regulation.KIND,
        plural="regulations",
        title=_("制度"),
        model=Regulation,
        acts=REGULATION_ACTS,
        final=ENDED,
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("名称"),
                F("title"),
                cell=Cell(lambda one, reading: reading.link(one.KIND, one.number, one.title)),
            ),
            code("kind", _("种类"), F("kind"), KINDS, value=lambda one, reading: one.kind, field=s.CharField(),
                 cell=Cell(lambda one, reading: one.get_kind_display())),
            code("document_number", _("文号"), F("document_number"), value=lambda one, reading: one.document_number,
                 field=s.CharField(), cell=Cell(css="nowrap")),
            code("owner", _("执行主体"), F("owner__name"), value=lambda one, reading: one.owner and str(one.owner),
                 field=s.CharField(allow_null=True), cell=Cell(lambda one, reading: one.owner or "")),
            code("in_force_from", _("施行"), F("in_force_from"), value=lambda one, reading: one.in_force_from,
                 field=s.DateField(allow_null=True),
                 cell=Cell(lambda one, reading: _day(one.in_force_from), css="nowrap")),
            state_column(RegulationState),
        ),
        listing=Listing(
            _("制度库"),
            "regulations",
            shown=("light", "number", "title", "kind", "owner", "in_force_from", "state"),
            joined=("organ", "handler", "owner__organ"),
            filters=RegulationFilter,
            row_css=light_of,
            caption=_("按最近的期限排列的制度"),
            empty=_("还没有制度。工作人员可以为本单位提出制定立项。"),
            template="institutions/regulations.html",
            more=lambda request: {
                "may_propose": may_create(request.user), "may_import": office_of(request.user) is not None
            },
        ),
        create=Create(RegulationForm, may_create, propose, form_arguments=lambda user: {"user": user}),
        importer=IMPORTER,
        exported=Exported(),
        cards=REGULATION_CARDS,
    )
)  # fmt: skip
TEXTS = register(
    RecordType(
        kind=RegulationText.KIND,
        plural="regulation-texts",
        title=_("制度文本"),
        model=RegulationText,
        acts=TEXT_ACTS,
        final=frozenset(TextState) - OPEN_TEXT,
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("文本"),
                F("regulation__title"),
                cell=Cell(lambda one, reading: reading.link(one.KIND, one.number, one.title)),
            ),
            code("regulation", _("制度"), F("regulation__number"), value=lambda one, reading: one.regulation.number,
                 field=s.CharField()),
            code("since", _("施行"), F("since"), value=lambda one, reading: one.since,
                 field=s.DateField(allow_null=True),
                 cell=Cell(lambda one, reading: _day(one.since), css="nowrap")),
            code("until", _("失效"), F("until"), value=lambda one, reading: one.until,
                 field=s.DateField(allow_null=True),
                 cell=Cell(lambda one, reading: _day(one.until), css="nowrap")),
            state_column(TextState),
        ),
        listing=Listing(
            _("制度文本"),
            "regulation_texts",
            shown=("light", "number", "title", "since", "until", "state"),
            joined=("organ", "handler", "regulation"),
            filters=TextFilter,
            row_css=light_of,
            caption=_("按最近的期限排列的文本"),
            empty=_("还没有文本。制度立项时就有第一稿。"),
        ),
        exported=Exported(),
        cards=TEXT_CARDS,
    )
)  # fmt: skip
COMMENTS = register(
    RecordType(
        kind=Comment.KIND,
        plural="comments",
        title=_("公众意见"),
        model=Comment,
        acts=COMMENT_ACTS,
        adapter=CitizenRecordAdapter,
        final=frozenset({CommentState.ANSWERED}),
        columns=(
            LIGHT,
            NUMBER,
            personal(
                "title",
                _("公众意见"),
                F("text__regulation__title"),
                cell=Cell(lambda one, reading: reading.link(one.KIND, one.number, one.title)),
            ),
            code("text", _("文本"), F("text__number"), value=lambda one, reading: one.text.number, field=s.CharField()),
            code("outcome", _("采纳情况"), F("outcome"), dict(Outcome.choices),
                 value=lambda one, reading: one.outcome, field=s.CharField(),
                 cell=Cell(lambda one, reading: one.get_outcome_display())),
            state_column(CommentState),
        ),
        listing=Listing(
            _("公众意见"),
            "comments",
            shown=("light", "number", "title", "outcome", "state"),
            joined=("organ", "handler", "text__regulation"),
            row_css=light_of,
            empty=_("还没有意见。征求意见稿公开以后，群众凭查询码提意见。"),
        ),
        exported=Exported(),
        cards=COMMENT_CARDS,
    )
)  # fmt: skip
open_to_citizens(Regulation.KIND, public.REGULATIONS)
open_to_citizens(RegulationText.KIND, public.DRAFTS)
open_to_citizens(Comment.KIND, public.COMMENTS)
MENU = (MenuItem("regulations", _("制度库"), "list", 36, reads_records),)
