"""Who is shown that a message did not arrive: the level above the person who was to be told, or had to tell."""

from collections.abc import Callable

from accounts.models import Kind, User
from massline.time import today
from responsibility.models import Appointment, Message, Notice, Organ
from responsibility.outbox.sources import source_of
from responsibility.people import position_of
from responsibility.subjects import on_walled_records

Shown = tuple[int, int | None]


def level_above(message: Message) -> list[Shown]:
    """(user, post); the system administrators when no post is above."""
    if message.recipient is not None:
        found = above(message.recipient, lambda shown: _may_hear(shown, message))
    else:
        source = source_of(message)
        found = source.answers_for(message) if source else []
    return found or [
        (pk, None) for pk in User.objects.filter(kind=Kind.SYSADMIN, is_active=True).values_list("pk", flat=True)
    ]


def is_walled(notice: Notice, user: User) -> bool:
    """Whether it is about a record that was walled off from this person."""
    return Notice.objects.filter(on_walled_records(user), pk=notice.pk).exists()


def _may_hear(shown: Shown, message: Message) -> bool:
    """That a notice failed is nothing to those for whom what it is about does not exist."""
    return message.notice is None or not is_walled(message.notice, User.objects.get(pk=shown[0]))


def above(user: User, may_hear: Callable[[Shown], bool]) -> list[Shown]:
    """The top leaders of this person's organ; above a top leader, or one who may not hear of it, those further up."""
    held = position_of(user).held
    if not held:
        return []
    first = held[0]
    organ: int | None = first.organ
    if first.is_top:
        organ = parent_of(first.organ)
    while organ is not None:
        if found := [shown for shown in tops(organ, besides=user.pk) if may_hear(shown)]:
            return found
        organ = parent_of(organ)
    return []


def parent_of(organ: int) -> int | None:
    return Organ.objects.values_list("parent", flat=True).get(pk=organ)


def tops(organ: int, besides: int | None = None) -> list[Shown]:
    answering = Appointment.objects.answering(today()).filter(post__organ=organ, post__is_top=True)
    return list(answering.exclude(user=besides).order_by("user").distinct("user").values_list("user", "post"))
