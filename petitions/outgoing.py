"""What petitioners are told outside (告知), by the way they chose: the number, and where to read the rest."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from audit import context
from massline.acts import WrongState
from petitions.letters import LETTERS
from petitions.models import TellBy, Telling
from petitions.receiving import REACHED_BY
from petitions.telling.acts import tell
from petitions.telling.models import TellingState
from petitions.transfers.sealing import NEUTRAL
from responsibility.models import Channel, Message
from responsibility.outbox.channels import Outgoing
from responsibility.outbox.failure_recipients import top_leaders
from responsibility.outbox.message_texts import LANGUAGE

SOURCE = "petition"
"""The name that messages about these letters keep."""
WINDOW = timedelta(days=7)
MAX_QUEUED = 500
WAYS: dict[str, str] = {Channel.EMAIL: TellBy.EMAIL, Channel.GATEWAY: TellBy.SMS}


class Tellings:
    """Tellings as a source of messages. Of an accusation that was handed over only the neutral letter is told."""

    label = gettext_lazy("告知信访人")
    people = gettext_lazy("信访人")

    def ready(self, open_channels: frozenset[str], now: datetime) -> list[tuple[int, str]]:
        by = {WAYS[channel]: channel for channel in open_channels}
        reachable = Q(demand__petition__petitioner__tell_by__in=by) & (
            Q(
                demand__petition__petitioner__tell_by=TellBy.EMAIL,
                demand__petition__petitioner__email_sealed__isnull=False,
            )
            | Q(
                demand__petition__petitioner__tell_by=TellBy.SMS,
                demand__petition__petitioner__phone_sealed__isnull=False,
            )
        )
        found = (
            Telling.objects.filter(reachable, state=TellingState.WAITING, made_at__gt=now - WINDOW)
            .exclude(~Q(letter=NEUTRAL), demand__sealed=True)
            .exclude(Exists(Message.objects.filter(source=SOURCE, telling=OuterRef("pk"))))
            .order_by("id")
            .values_list("pk", "demand__petition__petitioner__tell_by")[:MAX_QUEUED]
        )
        return [(pk, by[way]) for pk, way in found]

    def compose(self, message: Message) -> Outgoing | None:
        """None when somebody has told them already, or their data was erased."""
        telling = _of(message)
        petition = telling.demand.petition
        contact = REACHED_BY[WAYS[message.channel]]
        address = petition.petitioner.identity(contact)[contact]
        if telling.state != TellingState.WAITING or not address:
            return None
        with override(LANGUAGE):
            subject = _("信访事项 %(number)s：%(letter)s") % {
                "number": petition.number,
                "letter": LETTERS[telling.letter],
            }
            text = _("请凭编号和查询码查看全文：%(url)s") % {"url": settings.SITE + reverse("track")}
        return Outgoing(address, subject, text, message.message_id, message.possible_repeat)

    def sent(self, message: Message, at: datetime) -> None:
        with suppress(WrongState):  # a clerk was quicker, and stays on record
            tell(message.telling or 0, context.SYSTEM, WAYS[message.channel], at)

    def answers_for(self, message: Message) -> list[tuple[int, int | None]]:
        return top_leaders(_of(message).office_id)


def _of(message: Message) -> Telling:
    return Telling.objects.select_related("demand__petition__petitioner").get(pk=message.telling or 0)
