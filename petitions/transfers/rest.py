"""The REST side of the register of transfers: its lines, and nothing of a petition's content."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter

from audit.models import AuditEvent
from petitions import events
from petitions.transfers.models import Transfer
from records.filters import CommonFilter
from records.rest.side import RestSide
from records.timeline import Happened, in_sentences
from responsibility.models import Organ
from responsibility.recording import subject_of

SHOWN = ("sent_from", "sent_to", "sent_by", "receipt_by")
TIMELINE_EVENTS = (events.TRANSFER_ENTERED, events.TRANSFER_RECEIPTED)
"""The events that the timeline of a line shows; the opening of a sealed text is in the log alone."""


class TransferFilter(CommonFilter):
    def by_organ(self, lines: QuerySet[Transfer], name: str, organ: Organ) -> QuerySet[Transfer]:
        """Filters by the organ that has the next move: the receiver."""
        return lines.filter(sent_to=organ)


def timeline(line: Transfer) -> list[Happened]:
    """Returns the events of the line; for a petition, from its transfer on."""
    log = AuditEvent.objects
    found = log.about(subject_of(line)).of(*TIMELINE_EVENTS)
    if line.demand is not None:
        found |= log.about(subject_of(line.demand)).of(events.TRANSFERRED)
    return in_sentences(found.order_by("id"), {})


REST = RestSide(
    filterset=TransferFilter,
    timeline=timeline,
    filters=(OpenApiParameter("q", str, description=gettext_lazy("编号或其中一段")),),
)
