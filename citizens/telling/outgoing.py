"""Sends citizens messages (告知) by the way they chose: the number, and where to read the rest."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from audit import context
from citizens.models import CitizenNotification, NotificationState, TellBy
from citizens.telling.acts import tell
from citizens.telling.queue import SOURCE, letter_title
from citizens.telling.ways import REACHED_BY
from massline.acts import WrongState
from massline.phone_numbers import takes_messages
from records.kinds import record_type
from responsibility.models import Channel, Message
from responsibility.outbox.channels import Outgoing
from responsibility.outbox.failure_recipients import top_leaders
from responsibility.outbox.message_texts import LANGUAGE

WINDOW = timedelta(days=7)
MAX_QUEUED = 500
WAYS: dict[str, str] = {Channel.EMAIL: TellBy.EMAIL, Channel.GATEWAY: TellBy.SMS}


class Letters:
    """The waiting letters as a source of outgoing messages."""

    label = gettext_lazy("告知信访人")
    people = gettext_lazy("信访人")

    def ready(self, open_channels: frozenset[str], now: datetime) -> list[tuple[int, str]]:
        by = {WAYS[channel]: channel for channel in open_channels}
        reachable = Q(filing__tell_by__in=by) & (
            Q(filing__tell_by=TellBy.EMAIL, filing__email_sealed__isnull=False)
            | Q(filing__tell_by=TellBy.SMS, filing__phone_sealed__isnull=False)
        )
        found = (
            CitizenNotification.objects.waiting()
            .filter(reachable, made_at__gt=now - WINDOW)
            .exclude(Exists(Message.objects.filter(source=SOURCE, source_id=OuterRef("pk"))))
            .order_by("id")
            .values_list("pk", "filing__tell_by")[:MAX_QUEUED]
        )
        return [(pk, by[way]) for pk, way in found]

    def compose(self, message: Message) -> Outgoing | None:
        """Composes the message; None when the citizen was told already, their data were erased, or their telephone
        takes no SMS."""
        letter = _letter_of(message)
        contact = REACHED_BY[WAYS[message.channel]]
        address = letter.filing.identity(contact)[contact]
        if letter.state != NotificationState.WAITING or not address:
            return None
        if message.channel == Channel.GATEWAY and not takes_messages(address):
            return None
        with override(LANGUAGE):
            words = {
                "kind": record_type(letter.subject_kind).title,
                "number": letter.record.matter.key,
                "letter": letter_title(letter),
            }
            subject = _("%(kind)s %(number)s：%(letter)s") % words
            text = _("请凭编号和查询码查看全文：%(url)s") % {"url": settings.SITE + reverse("track")}
        return Outgoing(address, subject, text, message.message_id, message.possible_repeat)

    def sent(self, message: Message, at: datetime) -> None:
        with suppress(WrongState):  # a clerk told it first, and stays on record
            tell(message.source_id or 0, context.SYSTEM, WAYS[message.channel], at)

    def answers_for(self, message: Message) -> list[tuple[int, int | None]]:
        return top_leaders(_letter_of(message).office_id)


def _letter_of(message: Message) -> CitizenNotification:
    return CitizenNotification.objects.select_related("filing").get(pk=message.source_id or 0)
