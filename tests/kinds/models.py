"""Errands, which are open to their organ, sealed matters, which are walled, tasks, which have ordered items; and the
other shapes of a record."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from audit.columns import Columns, SaltField
from records.models import Record, RecordQuerySet
from records.seats import Seat, SeatQuerySet, seat_constraints
from records.unlinked import UNLINKED, BallotCard, Unlinked
from records.versions import Version, VersionQuerySet, version_constraints
from responsibility import readers


class PaperState(models.TextChoices):
    OPEN = "open", "待跑"
    DONE = "done", "跑完"


class Paper(Record):
    """What all of them have."""

    state = models.CharField(max_length=16, choices=PaperState, default=PaperState.OPEN)
    title = models.CharField(max_length=100)
    salt = SaltField()

    class Meta(Record.Meta):
        abstract = True


class Errand(Paper):
    KIND, PREFIX = "errand", "PT"

    objects = RecordQuerySet["Errand"].as_manager()
    audit = Columns(personal=("title",))


class SealedQuerySet(RecordQuerySet["Sealed"]):
    def for_user(self, user: User) -> "SealedQuerySet":
        return self.filter(readers.may_read(user, Sealed.KIND))


class Sealed(Paper):
    KIND = "sealed"

    objects = SealedQuerySet.as_manager()
    audit = Columns(personal=("title",))


class ChoreQuerySet(RecordQuerySet["Chore"]):
    def for_user(self, user: User) -> "ChoreQuerySet":
        return self.filter(readers__contains=[user.pk])


class Chore(Paper):
    """It exists for the people named in it, and for nobody else."""

    KIND = "chore"

    readers = ArrayField(models.BigIntegerField(), default=list)
    movers = ArrayField(models.BigIntegerField(), default=list)
    """Whose next move it is."""

    objects = ChoreQuerySet.as_manager()
    audit = Columns(personal=("title",))


class Step(models.Model):
    """What somebody ordered of a task in their own words, and its last day (四定)."""

    task = models.ForeignKey(Chore, models.PROTECT, related_name="steps")
    item = models.PositiveSmallIntegerField()
    goal = models.CharField(max_length=100)
    requirement = models.CharField(max_length=100)
    last_day = models.DateField()
    salt = SaltField()

    audit = Columns(personal=("goal", "requirement"))


class WordingQuerySet(VersionQuerySet["Wording"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Wording(Version):
    """What an errand's instructions say, in versions."""

    PARENT = "errand"

    class State(models.TextChoices):
        DRAFT = "draft"
        VALID = "valid"
        REJECTED = "rejected"

    errand = models.ForeignKey(Errand, models.PROTECT, related_name="wordings")
    state = models.CharField(max_length=16, default=State.DRAFT)
    handler = models.CharField(max_length=20, blank=True)

    objects = WordingQuerySet.as_manager()
    audit = Columns(personal=("articles",))

    class Meta:
        constraints = version_constraints("wording", "errand", open_states=["draft"])


class RideQuerySet(SeatQuerySet["Ride"]):
    """(As above.)"""


class Ride(Seat):
    """A place on the cart that goes on an errand."""

    errand = models.ForeignKey(Errand, models.PROTECT, related_name="rides")

    objects = RideQuerySet.as_manager()
    audit = Columns(secret=("holder",))

    class Meta:
        constraints = seat_constraints("ride", "errand")


class Slip(Unlinked):
    """What somebody thinks of the errands, put in a box."""

    audit = UNLINKED


class SlipCard(BallotCard):
    """A card that lets its holder put one slip in."""

    audit = UNLINKED
