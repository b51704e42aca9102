"""The columns of petitions, for the ledger (台账), REST rows and exports."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import serializers as s

from citizens.identity.labels import IDENTITY_LABELS
from massline.templatetags.front import due_days, leaf, short_day
from massline.time import end_of_day
from petitions.models import FINAL, Channel, Demand, Outcome, Purpose, State
from records.columns import Cell, Column, Reading, boolean, code, last_day, number, personal, row_of, text, time
from records.highlight import first_excerpt
from records.standard_columns import LIGHT
from responsibility import content_classes, deadlines
from responsibility.calendar import calendar
from responsibility.models import shown_due


def is_provisional(demand: Demand, reading: Reading) -> bool:
    return deadlines.is_provisional(demand.due_at, reading.calendar)


def _due(demand: Demand, reading: Reading) -> SafeString:
    day = due_days(shown_due(demand.strict_at), shown_due(demand.due_at))
    if not is_provisional(demand, reading):
        return day
    return format_html('{} <span class="quiet small">{}</span>', day, _("暂定"))


def _title(demand: Demand, reading: Reading) -> SafeString:
    """Renders the link to the petition's page; for a search hit, with the words marked and an excerpt of the text that
    has them."""
    petition = demand.petition
    link = reading.link(demand.KIND, petition.number, reading.title(petition.title))
    excerpt = first_excerpt((petition.body, petition.wish, petition.place), reading.words)
    if petition.persons > 1:
        link = format_html('{} <span class="tag">{}</span>', link, persons_said(petition.persons))
    return format_html('{}<p class="excerpt">{}</p>', link, excerpt) if excerpt else link


def persons_said(persons: int) -> str:
    return ngettext("%(persons)s 人", "%(persons)s 人", persons) % {"persons": persons}


def _paths() -> dict[str, str]:
    return {code: " / ".join(content_classes.path(code)) for code in ("", *content_classes.table())}


def _provisional(now: datetime) -> Q:
    return Q(due_at__gt=end_of_day(calendar().last_loaded))


def _overdue(now: datetime) -> Q:
    return Q(due_at__isnull=False, due_at__lte=now)


NOWRAP = Cell(css="nowrap")
COLUMNS: tuple[Column, ...] = (
    LIGHT,
    code(
        "number",
        gettext_lazy("编号"),
        F("petition__number"),
        value=lambda demand, reading: demand.petition.number,
        cell=NOWRAP,
        field=s.CharField(),
    ),
    time(
        "received_at",
        gettext_lazy("收到时间（北京时间）"),
        "received_at",
        value=lambda demand, reading: demand.received_at,
        field=s.DateTimeField(),
    ),
    Column(
        "received",
        gettext_lazy("收到"),
        cell=Cell(lambda demand, reading: short_day(demand.received_at), css="nowrap"),
    ),
    code("channel", gettext_lazy("信访形式"), F("petition__channel"), dict(Channel.choices)),
    number(
        "persons",
        gettext_lazy("人数"),
        F("petition__persons"),
        value=lambda demand, reading: demand.petition.persons,
        field=s.IntegerField(help_text=gettext_lazy("信访人数")),
    ),
    text("region", gettext_lazy("问题属地"), F("petition__region__name")),
    Column("region_name", gettext_lazy("问题属地"), cell=Cell(lambda demand, reading: demand.petition.region.called)),
    code("category_code", gettext_lazy("内容分类代码"), F("category")),
    code(
        "category",
        gettext_lazy("内容分类"),
        F("category"),
        _paths,
        value=lambda demand, reading: demand.category or None,
        field=s.CharField(allow_null=True, help_text=gettext_lazy("登记前可能为空：待分类")),
    ),
    Column(
        "category_name",
        gettext_lazy("类别"),
        value=lambda demand, reading: demand.category_path,
        cell=Cell(
            lambda demand, reading: leaf(demand.category_path),
            tooltip=lambda demand, reading: demand.category_path,
            key=lambda demand, reading: demand.category,
        ),
        field=s.CharField(),
    ),
    code(
        "purpose",
        gettext_lazy("信访目的"),
        F("purpose"),
        dict(Purpose.choices),
        value=lambda demand, reading: demand.purpose,
        field=s.ChoiceField(choices=Purpose.choices),
    ),
    Column("purpose_label", value=lambda demand, reading: str(Purpose(demand.purpose).label), field=s.CharField()),
    code(
        "state",
        gettext_lazy("状态"),
        F("state"),
        dict(State.choices),
        value=lambda demand, reading: demand.state,
        # Not get_…_display(), which makes a dictionary of all choices each time.
        cell=Cell(
            lambda demand, reading: State(demand.state).label,
            css="nowrap state",
            key=lambda demand, reading: demand.state,
        ),
        field=s.ChoiceField(choices=State.choices),
    ),
    Column("state_label", value=lambda demand, reading: str(State(demand.state).label), field=s.CharField()),
    text(
        "organ",
        gettext_lazy("承办单位"),
        F("organ__name"),
        value=lambda demand, reading: demand.organ.code,
        cell=Cell(lambda demand, reading: demand.organ.called, key=lambda demand, reading: demand.organ_id),
        field=s.CharField(help_text=gettext_lazy("单位代码")),
    ),
    Column("organ_name", value=lambda demand, reading: demand.organ.name, field=s.CharField()),
    text("office", gettext_lazy("信访部门"), F("office__name")),
    text(
        "handler",
        gettext_lazy("承办岗位"),
        F("handler__name"),
        value=lambda demand, reading: demand.handler.name if demand.handler else "",
        field=s.CharField(help_text=gettext_lazy("经办岗位")),
    ),
    Column(
        "holder",
        gettext_lazy("承办人"),
        cell=Cell(
            lambda demand, reading: "" if demand.state in FINAL else reading.holders.get(demand.handler_id) or "—",
            css="nowrap",
            key=lambda demand, reading: (demand.state in FINAL, demand.handler_id),
        ),
    ),
    last_day(
        "due_strict",
        gettext_lazy("截止"),
        "strict_at",
        value=lambda demand, reading: shown_due(demand.strict_at),
        cell=Cell(_due, css="days", key=lambda demand, reading: (demand.strict_at, demand.due_at)),
        field=s.DateField(allow_null=True),
    ),
    last_day(
        "due_legal",
        gettext_lazy("法定截止"),
        "due_at",
        value=lambda demand, reading: shown_due(demand.due_at),
        field=s.DateField(allow_null=True),
    ),
    boolean("provisional", gettext_lazy("日期待定"), _provisional, value=is_provisional, field=s.BooleanField()),
    boolean(
        "overdue",
        gettext_lazy("是否超期"),
        _overdue,
        value=lambda demand, reading: demand.is_overdue(reading.now),
        field=s.BooleanField(),
    ),
    code("outcome", gettext_lazy("处理意见"), F("outcome"), dict(Outcome.choices)),
    personal(
        "title",
        gettext_lazy("标题"),
        F("petition__title"),
        value=lambda demand, reading: demand.petition.title,
        cell=Cell(_title, css="title", labelled=False),
        field=s.CharField(),
    ),
    personal("place", gettext_lazy("问题发生地"), F("petition__place")),
    personal("body", gettext_lazy("反映内容"), F("petition__body")),
    personal("wish", gettext_lazy("诉求"), F("petition__wish")),
    *(
        personal(name, label, F(f"petition__filing__{name}_sealed"), sealed=True)
        for name, label in IDENTITY_LABELS.items()
    ),
)


def row(demand: Demand, now: datetime) -> dict[str, Any]:
    """Builds the REST row of a demand."""
    return row_of(COLUMNS, demand, Reading((demand,), now))
