"""Finds who is notified that a message did not arrive: the level above its recipient, or above the official who owed
it."""

from collections.abc import Callable

from accounts.models import Kind, User
from massline.time import today
from responsibility.models import Appointment, Message, Notice, Organ
from responsibility.outbox.sources import source_of
from responsibility.people import position_of
from responsibility.visibility import on_walled_records

Recipient = tuple[int, int | None]


def level_above(message: Message) -> list[Recipient]:
    """Returns the users of the level above with their posts; the system administrators when no post is above."""
    if message.recipient is not None:
        found = leaders_above(message.recipient, lambda recipient: _may_know(recipient, message))
    else:
        source = source_of(message)
        found = source.answers_for(message) if source else []
    return found or [
        (pk, None) for pk in User.objects.filter(kind=Kind.SYSADMIN, is_active=True).values_list("pk", flat=True)
    ]


def is_walled(notice: Notice, user: User) -> bool:
    """Tells whether the notice is about a record that was walled off from this person."""
    return Notice.objects.filter(on_walled_records(user), pk=notice.pk).exists()


def _may_know(recipient: Recipient, message: Message) -> bool:
    """Tells whether the record exists for the recipient: else they may not know of the failure either."""
    return message.notice is None or not is_walled(message.notice, User.objects.get(pk=recipient[0]))


def leaders_above(user: User, may_know: Callable[[Recipient], bool]) -> list[Recipient]:
    """Returns the top leaders of this person's organ; above a top leader, or one who may not know, those further up."""
    held = position_of(user).held
    if not held:
        return []
    first = held[0]
    organ: int | None = first.organ
    if first.is_top:
        organ = parent_of(first.organ)
    while organ is not None:
        if found := [recipient for recipient in top_leaders(organ, besides=user.pk) if may_know(recipient)]:
            return found
        organ = parent_of(organ)
    return []


def parent_of(organ: int) -> int | None:
    return Organ.objects.values_list("parent", flat=True).get(pk=organ)


def top_leaders(organ: int, besides: int | None = None) -> list[Recipient]:
    answering = Appointment.objects.answering(today()).filter(post__organ=organ, post__is_top=True)
    return list(answering.exclude(user=besides).order_by("user").distinct("user").values_list("user", "post"))
