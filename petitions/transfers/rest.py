"""The register of transfers in REST: the lines, and nothing of what a petition said."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter

from audit.models import AuditEvent
from petitions import events
from petitions.transfers.models import Transfer, TransferState
from records.filters import LineFilter, RecordFilter
from records.rest.side import RestSide
from records.timeline import Happened, told
from responsibility.models import Obligation, Organ
from responsibility.recording import subject_of

SHOWN = ("sent_from", "sent_to", "sent_by", "receipt_by")
REGISTERED = (events.TRANSFER_ENTERED, events.TRANSFER_SENT, events.TRANSFER_RECEIPTED)
"""What a line tells of itself; that a sealed text was opened is for the log alone."""


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


def timeline(line: Transfer) -> list[Happened]:
    """What happened to the line; where it was found in a petition, since it was handed over."""
    log = AuditEvent.objects
    found = log.about(subject_of(line)).of(*REGISTERED)
    if line.demand is not None:
        found |= log.about(subject_of(line.demand)).of(events.TRANSFERRED)
    return told(found.order_by("id"), {})


REST = RestSide(
    filterset=TransferFilter,
    timeline=timeline,
    filters=(OpenApiParameter("q", str, description=gettext_lazy("编号或其中一段")),),
)
