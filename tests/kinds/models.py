"""Errands, which are open to their organ, and sealed matters, which are walled; and the other shapes of a record."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Kind, User
from audit.columns import Columns, SaltField
from massline.acts import lock_alone
from records.seats import Seat, SeatQuerySet, seat_constraints
from records.unlinked import UNLINKED, Card, Unlinked
from records.versions import Version, VersionQuerySet, version_constraints
from responsibility import readers
from responsibility.models import Organ, Post
from responsibility.people import standing
from responsibility.subjects import Matter, Work


class PaperState(models.TextChoices):
    OPEN = "open", "待跑"
    DONE = "done", "跑完"


class Paper(models.Model):
    """What both have."""

    KIND: ClassVar[str]
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=PaperState, default="open")
    opened_at = models.DateTimeField(default=timezone.now)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    salt = SaltField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @classmethod
    def locked(cls, pk: int) -> Any:
        lock_alone(cls, pk)
        return cls._default_manager.get(pk=pk)

    @property
    def matter(self) -> Matter:
        return Matter(self.KIND, self.pk, self.number)

    def work(self) -> Work:
        return Work(self.organ_id, post=self.post_id)

    def roles_of(self, actor: Any) -> frozenset[str]:
        """Its reader, or nothing: what `for_user` says."""
        found = type(self)._default_manager.for_user(actor).filter(pk=self.pk)  # type: ignore[attr-defined]
        return frozenset({"reader"} if found.exists() else ())

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        return set()

    def last_change(self, actor: Any) -> str:
        return ""


class ErrandQuerySet(models.QuerySet["Errand"]):
    def for_user(self, user: User) -> "ErrandQuerySet":
        if user.kind == Kind.AUDITOR:
            return self
        return self.filter(organ__in=standing(user).organs)


class Errand(Paper):
    KIND = "errand"

    objects = ErrandQuerySet.as_manager()
    audit = Columns(personal=("title",))


class SealedQuerySet(models.QuerySet["Sealed"]):
    def for_user(self, user: User) -> "SealedQuerySet":
        return self.filter(readers.may_read(user, Sealed.KIND))


class Sealed(Paper):
    KIND = "sealed"

    objects = SealedQuerySet.as_manager()
    audit = Columns(personal=("title",))


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


class SlipCard(Card):
    """A card that lets its holder put one slip in."""

    audit = UNLINKED
