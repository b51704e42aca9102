"""The register of transfers in REST: the lines, and nothing of what a petition said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter

from audit.models import AuditEvent
from petitions import events
from petitions.models import Channel
from petitions.transfers.models import Transfer, TransferState
from records.filters import LineFilter, RecordFilter
from records.rest.side import RecordRow, RestSide
from records.timeline import Happened, told
from responsibility.models import Obligation, Organ
from responsibility.recording import subject_of
from responsibility.show import light_of

SHOWN = ("sent_from", "sent_to", "sent_by", "receipt_by")
REGISTERED = (events.TRANSFER_ENTERED, events.TRANSFER_SENT, events.TRANSFER_RECEIPTED)
"""What a line tells of itself; that a sealed text was opened is for the log alone."""


@dataclass(frozen=True, kw_only=True)
class TransferRow(RecordRow):
    """One line of the register of transfers (移送登记簿)."""

    state: TransferState
    channel: Channel
    channel_label: str
    pages: int | None
    sent_from: str
    sent_from_name: str
    sent_to: str
    sent_to_name: str
    sent_at: datetime | None
    sent_by: str
    receipt_number: str
    receipt_on: date | None
    receipt_by: str


class TransferFilter(RecordFilter):
    state = django_filters.ChoiceFilter(choices=TransferState.choices)
    organ = django_filters.ModelChoiceFilter(
        queryset=Organ.objects.all(), to_field_name="code", method="by_organ", label=gettext_lazy("单位")
    )
    category = LineFilter(method="by_category")
    overdue = django_filters.ChoiceFilter(choices=[("true", "true"), ("false", "false")], method="by_overdue")
    q = LineFilter(field_name="number", lookup_expr="icontains", max_length=100)

    class Meta:
        model = Transfer
        fields = ("state", "organ", "category", "overdue", "q")

    def by_organ(self, lines: QuerySet[Transfer], name: str, organ: Organ) -> QuerySet[Transfer]:
        """The organ that has the next move: the receiver, or before it was sent the sender."""
        return lines.filter(Q(sent_to=organ) | Q(sent_to=None, sent_from=organ))

    def by_category(self, lines: QuerySet[Transfer], name: str, code: str) -> QuerySet[Transfer]:
        """An accusation has no class of content."""
        return lines.none()

    def by_overdue(self, lines: QuerySet[Transfer], name: str, value: str) -> QuerySet[Transfer]:
        late = Obligation.objects.overdue(timezone.now()).filter(subject_kind=Transfer.KIND, subject_id=OuterRef("pk"))
        return lines.filter(Exists(late) if value == "true" else ~Exists(late))


def rows(lines: Collection[Transfer], now: datetime) -> list[TransferRow]:
    owed = Obligation.objects.open().filter(subject_kind=Transfer.KIND, subject_id__in=[line.pk for line in lines])
    first = {o.subject_id: o for o in owed.select_related("post").order_by("-due_at")}
    return [_row(line, first.get(line.pk), now) for line in lines]


def _row(line: Transfer, owed: Obligation | None, now: datetime) -> TransferRow:
    organ, state = line.sent_to or line.sent_from, TransferState(line.state)
    return TransferRow(
        number=line.number,
        title=_("移送登记 %(number)s") % {"number": line.number},
        state=state,
        state_label=str(state.label),
        organ=organ.code,
        organ_name=organ.name,
        handler=owed.post.name if owed else "",
        received_at=line.entered_at,
        due_strict=owed.due_strict if owed else None,
        due_legal=owed.due_legal if owed else None,
        overdue=owed is not None and owed.is_overdue(now),
        light=light_of(owed, now) if owed else "none",
        channel=Channel(line.channel),
        channel_label=str(Channel(line.channel).label),
        pages=line.pages,
        sent_from=line.sent_from.code,
        sent_from_name=line.sent_from.name,
        sent_to=line.sent_to.code if line.sent_to else "",
        sent_to_name=line.sent_to.name if line.sent_to else "",
        sent_at=line.sent_at,
        sent_by=line.sent_by.name if line.sent_by else "",
        receipt_number=line.receipt_number,
        receipt_on=line.receipt_on,
        receipt_by=line.receipt_by.name if line.receipt_by else "",
    )


def timeline(line: Transfer) -> list[Happened]:
    """What happened to the line; where it was found in a petition, since it was handed over."""
    log = AuditEvent.objects
    found = log.about(subject_of(line)).of(*REGISTERED)
    if line.demand is not None:
        found |= log.about(subject_of(line.demand)).of(events.TRANSFERRED)
    return told(found.order_by("id"), {})


REST = RestSide(
    row=TransferRow,
    rows=rows,
    filterset=TransferFilter,
    timeline=timeline,
    filters=(OpenApiParameter("q", str, description=gettext_lazy("编号或其中一段")),),
)
