"""Who is shown that a message did not arrive: the level above whoever was to be told, or had to tell."""

from accounts.models import Kind, User
from responsibility.models import Appointment, Message, Notice, Organ, today
from responsibility.outbox.sources import tellings
from responsibility.people import posts_of
from responsibility.subjects import adapter


def level_above(message: Message) -> list[tuple[int, int | None]]:
    """(user, post); the system administrators when nobody is above."""
    if message.recipient is not None:
        found = above(message.recipient)
    else:
        source = tellings()
        found = source.answers_for(message) if source else []
    return found or [
        (pk, None) for pk in User.objects.filter(kind=Kind.SYSADMIN, is_active=True).values_list("pk", flat=True)
    ]


def is_walled(notice: Notice, user: User) -> bool:
    """Whether it is about an accusation (检举控告) that does not exist for this person."""
    walled = adapter("petition").walled_from(user)
    return Notice.objects.filter(pk=notice.pk, subject_kind="petition", subject_key__in=walled).exists()


def above(user: User) -> list[tuple[int, int | None]]:
    """The top leaders of this person's organ; for a top leader those of the next organ up that has any."""
    held = posts_of(user)
    if not held:
        return []
    first = held[0]
    organ: int | None = first.organ
    if first.is_top:
        organ = parent_of(first.organ)
    while organ is not None:
        if found := tops(organ, besides=user.pk):
            return found
        organ = parent_of(organ)
    return []


def parent_of(organ: int) -> int | None:
    return Organ.objects.values_list("parent", flat=True).get(pk=organ)


def tops(organ: int, besides: int | None = None) -> list[tuple[int, int | None]]:
    sitting = Appointment.objects.sitting(today()).filter(post__organ=organ, post__is_top=True, user__is_active=True)
    return list(sitting.exclude(user=besides).order_by("user").distinct("user").values_list("user", "post"))
