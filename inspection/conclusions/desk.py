"""Conclusions of inspections as a kind of record."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.menu import MenuItem, reads_records
from inspection.conclusions.acts import CONCLUSION_ACTS
from inspection.models import Conclusion, ConclusionState
from inspection.models.conclusion import SETTLED
from massline.templatetags.front import short_day
from massline.time import local_day
from records.cards import Card
from records.columns import Cell, personal, text, time
from records.exporting import Exported
from records.kinds import RecordType, register
from records.listing import Listing
from records.standard_cards import CHAIN, FILES, INSTRUCTIONS, LINKS, OBLIGATIONS, TIMELINE
from records.standard_columns import LIGHT, NUMBER, light_of, state_column
from records.view import RecordView
from responsibility.visibility import position


@dataclass(frozen=True)
class ConclusionText:
    """What the organ is told: when the team comes or came, what it concludes, until when one may object."""

    organ: str
    office: str
    first_day: date
    last_day: date
    announced: bool
    text: str
    served_at: datetime | None
    last_day_to_object: date | None
    decision: str


def _text(view: RecordView) -> ConclusionText:
    one: Conclusion = view.record
    ends = one.objection_ends()
    return ConclusionText(
        organ=one.organ.called,
        office=one.office.called if one.office else "",
        first_day=one.inspection.first_day,
        last_day=one.inspection.last_day,
        announced=one.inspection.announced,
        text=one.text,
        served_at=one.served_at,
        last_day_to_object=_day_before(ends),
        decision=one.get_decision_display(),
    )


def _day_before(moment: datetime | None) -> date | None:
    """Returns the last day of a period that ends at midnight."""
    return local_day(moment - timedelta(seconds=1)) if moment else None


def _served(one: Any, reading: Any) -> str:
    return short_day(local_day(one.served_at)) if one.served_at else ""


SEVERAL = pgettext_lazy("several", "督查结论")
CONCLUSIONS = register(
    RecordType(
        kind=Conclusion.KIND,
        plural="conclusions",
        title=_("督查结论"),
        several=SEVERAL,
        model=Conclusion,
        acts=CONCLUSION_ACTS,
        final=SETTLED,
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
            text("organ", _("被督查单位"), F("organ__name"), cell=Cell(lambda one, reading: one.organ.called)),
            time("served", _("送达日期"), "served_at", cell=Cell(_served, css="nowrap")),
            state_column(ConclusionState),
        ),
        listing=Listing(
            SEVERAL,
            "conclusions",
            shown=("light", "number", "title", "organ", "served", "state"),
            joined=("organ",),
            row_css=light_of,
            caption=_("送达被督查单位的通知和结论"),
            empty=_("还没有督查通知和督查结论。"),
        ),
        exported=Exported(),
        cards=(
            Card("conclusion", "inspection/conclusion.html", _text, heading=_("督查结论"), shape=ConclusionText),
            INSTRUCTIONS,
            FILES,
            TIMELINE,
            OBLIGATIONS,
            CHAIN,
            LINKS,
        ),
    )
)
MENU = (MenuItem("conclusions", SEVERAL, "eye", 41, reads_records, None, position, Conclusion.objects.for_user),)
