"""Seats (席位、号源): a row for each place, taken by one holder, without double booking and with a share for walk-ins.

    class SlotQuerySet(SeatQuerySet["Slot"]): …

    class Slot(Seat):
        day = models.ForeignKey(Day, models.PROTECT, related_name="slots")
        objects = SlotQuerySet.as_manager()
        class Meta:
            constraints = seat_constraints("slot", "day")

and in its migration, after the table: `records.operations.keep_seats("app_slot")`.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from massline.acts import WrongState

SeatRow = TypeVar("SeatRow", bound="Seat")
ONE_EACH = "_one_each"
"""How the name of the constraint ends by which a holder has one seat."""


class Share(models.TextChoices):
    BOOKABLE = "bookable", _("可预约")
    WALK_IN = "walk_in", _("现场")


class SeatQuerySet(models.QuerySet[SeatRow]):
    def free(self, *, online: bool) -> Self:
        """Returns seats that can be taken; online none of the walk-ins' share, on the spot these first."""
        free = self.filter(holder=None)
        return free.filter(share=Share.BOOKABLE).order_by("number") if online else free.order_by("-share", "number")

    def held_by(self, holder: str) -> Self:
        return self.filter(holder=holder)


class Seat(models.Model):
    """A place that one holder takes.

    `holder` is the key of a person, or the hash of a citizen's code; then its model declares it secret.
    """

    number = models.PositiveSmallIntegerField()
    share = models.CharField(max_length=8, choices=Share, default=Share.BOOKABLE)
    holder = models.CharField(max_length=64, null=True)
    online = models.BooleanField(null=True)
    """Whether its holder took it from afar, and not on the spot."""
    taken_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def seat_constraints(name: str, parent: str) -> list[models.BaseConstraint]:
    """Returns the constraints of a seat's model; `parent` is the field that names what they are seats of."""
    free = Q(holder=None, taken_at=None, online=None)
    taken = Q(holder__isnull=False, taken_at__isnull=False, online__isnull=False) & ~Q(holder="")
    return [
        models.UniqueConstraint(fields=[parent, "number"], name=f"{name}_number"),
        models.UniqueConstraint(fields=[parent, "holder"], name=f"{name}{ONE_EACH}"),
        models.CheckConstraint(condition=Q(share__in=Share.values), name=f"{name}_share"),
        models.CheckConstraint(condition=free | taken, name=f"{name}_taken"),
        models.CheckConstraint(
            condition=~Q(share=Share.WALK_IN) | Q(online=None) | Q(online=False), name=f"{name}_walk_in"
        ),
    ]


@dataclass(frozen=True)
class Alternative:
    """Another way for a citizen who found no seat: another day, another place, the queue on the spot."""

    label: str
    address: str


class Full(WrongState):
    """No seat is free. The page and REST offer `alternatives`."""

    title = _("名额已满")

    def __init__(self, alternatives: Sequence[Alternative] = ()) -> None:
        super().__init__(_("名额已满，请改选其他时间或者方式") if alternatives else "")
        self.alternatives = tuple(alternatives)
        self.members = {"alternatives": [asdict(one) for one in alternatives]}


class HasSeat(WrongState):
    """The holder has a seat here already."""

    title = _("您已经有一个名额，每人只能有一个")


def lay_out(model: type[SeatRow], bookable: int, walk_in: int, **parent: Any) -> list[SeatRow]:
    """Makes the seats of a parent: `lay_out(Slot, bookable=8, walk_in=2, day=day)`, after an event."""
    shares = [Share.BOOKABLE] * bookable + [Share.WALK_IN] * walk_in
    return model._default_manager.bulk_create(
        model(number=number, share=share, **parent) for number, share in enumerate(shares, 1)
    )


def take(
    seats: SeatQuerySet[SeatRow],
    holder: str,
    at: datetime,
    *,
    online: bool,
    alternatives: Callable[[], Sequence[Alternative]] = tuple,
) -> SeatRow:
    """Takes a free seat among those of one parent, in the caller's transaction, which has recorded an event.

    Takers at the same moment pass over the seats that others are taking, and wait only when no other is left.
    """
    try:
        with transaction.atomic():
            if seats.held_by(holder).exists():
                raise HasSeat()
            seat = _locked(seats.free(online=online))
            if seat is not None:
                seats.filter(pk=seat.pk, holder=None).update(holder=holder, taken_at=at, online=online)
                seat.refresh_from_db()
                return seat
    except IntegrityError as error:
        if not str(error.__cause__.diag.constraint_name).endswith(ONE_EACH):  # type: ignore[union-attr]
            raise
        raise HasSeat() from None  # the same holder took another seat at this moment
    raise Full(alternatives())


def _locked(free: SeatQuerySet[SeatRow]) -> SeatRow | None:
    """Locks a free seat until the end of the transaction. A seat that another holds may become free again if they
    fail."""
    passed_over = free.select_for_update(skip_locked=True).first()
    return passed_over or free.select_for_update().first()


def release(seats: SeatQuerySet[SeatRow], holder: str) -> bool:
    """Gives the holder's seat back; returns whether there was one."""
    return bool(seats.held_by(holder).update(holder=None, taken_at=None, online=None))
