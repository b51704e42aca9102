"""Whistles (吹哨报到): a township calls departments to one matter, and each comes by a day.

What the township says of one that came is shown on the whistle alone: nothing is added up, and nobody is ranked by it.
Days are Shanghai's.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.columns import Columns, SaltField
from massline.texts import LineColumn
from massline.time import today
from records.models import Record, RecordQuerySet
from records.models.sources import grew_from_hidden, recused_through_sources
from responsibility.models import Organ
from responsibility.people import HeldPost, office_people, position_of
from responsibility.subjects import ChainSubject

MAX_CALLED = 20
ABOUT_LENGTH = 60


class WhistleState(models.TextChoices):
    BLOWN = "blown", _("已吹哨")
    SETTLED = "settled", _("事情已解决")
    CANCELLED = "cancelled", _("已撤回")


class CallState(models.TextChoices):
    CALLED = "called", _("待报到")
    CANNOT = "cannot", _("答复不能到场")
    CAME = "came", _("已报到")
    EXCUSED = "excused", _("上级同意不到场")


AWAITED = frozenset({CallState.CALLED, CallState.CANNOT})


class Worth(models.TextChoices):
    """What the township says of one that came."""

    SOLVED = "solved", _("解决了问题")
    PARTLY = "partly", _("解决了一部分")
    NOT = "not", _("没有解决问题")


class WhistleRole(StrEnum):
    CALLER = "caller"
    """In the township that called."""
    CALLED = "called"
    """Heads or receives for an organ that is called and has not answered."""
    BLOCKED = "blocked"
    """Heads or receives for an organ that said that it cannot come."""
    SUPERIOR = "superior"
    """Heads the organ above one that said so."""


def counted_calls(*conditions: Q) -> Subquery:
    """Counts the calls of a whistle for which these conditions hold."""
    found = WhistleCall.objects.filter(*conditions, whistle=OuterRef("pk")).order_by().values("whistle")
    return Subquery(found.values(many=Count("pk")))


class WhistleQuerySet(RecordQuerySet["Whistle"]):
    def for_user(self, user: User) -> "WhistleQuerySet":
        """Returns the whistles that exist for this person, each with how many are called (`called_count`) and how many
        of them came (`came_count`); none because of what they are accused in."""
        found = super().for_user(user).exclude(grew_from_hidden(Whistle.KIND, user))
        return found.annotate(called_count=counted_calls(), came_count=counted_calls(Q(state=CallState.CAME)))

    def visible_condition(self, user: User) -> Q:
        where = position_of(user)
        calls = WhistleCall.objects.filter(organ__in=where.organs | where.below, whistle=OuterRef("pk"))
        return super().visible_condition(user) | Q(Exists(calls))


class Whistle(Record):
    """One matter to which a township calls others. `organ` is the township."""

    KIND, PREFIX = "whistle", "CS"

    state = models.CharField(max_length=16, choices=WhistleState, default=WhistleState.BLOWN)
    title = LineColumn(max_length=100)
    matter_text = models.TextField()
    """What is to be settled, and where one comes to."""
    about = models.CharField(max_length=ABOUT_LENGTH, blank=True)
    """Kind and id of the record because of which it was blown; empty without one."""
    is_open = models.BooleanField(default=True)
    """Whether its calls exclude others of the same organ to the same matter."""
    salt = SaltField()

    objects = WhistleQuerySet.as_manager()
    audit = Columns(personal=("title", "matter_text"))
    OWN_ROLES: ClassVar = frozenset({WhistleRole.CALLED, WhistleRole.BLOCKED, WhistleRole.SUPERIOR})

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=WhistleState.values), name="whistle_state"),
            models.CheckConstraint(
                condition=Q(state="blown", is_open=True) | ~Q(state="blown") & Q(is_open=False), name="whistle_open"
            ),
        ]

    @cached_property
    def called(self) -> list["WhistleCall"]:
        """The organs that are called, in their order."""
        return list(self.calls.all())

    @cached_property
    def recused(self) -> frozenset[int]:
        """The people who are recused (回避) from what it was blown because of, and so from it."""
        return recused_through_sources(self.KIND, [self.pk])[self.pk]

    def chain_subject(self) -> ChainSubject:
        return replace(super().chain_subject(), recused=self.recused)

    # --- Who is what to it --------------------------------------------------------------------------------------------
    def calls_of(self, held: HeldPost) -> list["WhistleCall"]:
        """Returns the calls to which the holder of this post answers: of the organ that they head or receive for."""
        answers = held.is_top or held.is_intake
        return [one for one in self.called if answers and one.organ_id == held.organ]

    def calls_below(self, held: HeldPost) -> list["WhistleCall"]:
        """Returns the calls about which the holder of this post decides: of organs right below the one they head."""
        return [one for one in self.called if held.is_top and one.superior == held.organ]

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        own = {one.state for one in self.calls_of(held)}
        said = {
            WhistleRole.CALLER: held.organ == self.organ_id,
            WhistleRole.CALLED: CallState.CALLED in own,
            WhistleRole.BLOCKED: CallState.CANNOT in own,
            WhistleRole.SUPERIOR: any(one.state == CallState.CANNOT for one in self.calls_below(held)),
        }
        return super().roles_in(held) | {role for role, holds in said.items() if holds}

    def _exists_through(self, held: HeldPost, where: Any) -> bool:
        called = {one.organ_id for one in self.called}
        through_call = held.organ in called or (held.is_top and bool(called & where.below))
        return through_call or super()._exists_through(held, where)

    # --- Who is told --------------------------------------------------------------------------------------------------
    def callers(self) -> Iterable[tuple[int, int | None]]:
        return office_people(self.organ_id, today())


class CallManager(models.Manager["WhistleCall"]):
    """Reads each call with its organ."""

    def get_queryset(self) -> models.QuerySet["WhistleCall"]:
        return super().get_queryset().select_related("organ")


class WhistleCall(models.Model):
    """One organ that is called (报到单位), and by which day it comes.

    Township, matter and openness are the whistle's: a foreign key keeps them the same, so that a township never calls
    an organ twice to the same matter.
    """

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="calls", db_index=False)
    item = models.PositiveSmallIntegerField()
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    come_by = models.DateField()
    state = models.CharField(max_length=8, choices=CallState, default=CallState.CALLED)
    came_on = models.DateField(null=True)
    """The day on which it reported, or the township said of it what it was worth."""
    worth = models.CharField(max_length=8, choices=Worth, blank=True)
    township = models.ForeignKey(Organ, models.PROTECT, related_name="+", db_index=False)
    about = models.CharField(max_length=ABOUT_LENGTH, blank=True)
    is_open = models.BooleanField(default=True)

    objects = CallManager()
    audit = Columns()

    class Meta:
        ordering = ("whistle", "item")
        constraints = [
            models.UniqueConstraint(fields=["whistle", "item"], name="whistle_item_once"),
            models.UniqueConstraint(fields=["whistle", "organ"], name="called_once"),
            models.UniqueConstraint(
                fields=["township", "about", "organ"],
                condition=Q(is_open=True) & ~Q(about=""),
                name="called_once_about_a_matter",
            ),
            models.CheckConstraint(condition=Q(item__range=(1, MAX_CALLED)), name="whistle_item"),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state"),
            models.CheckConstraint(
                condition=Q(state="came", came_on__isnull=False) & (Q(worth="") | Q(worth__in=Worth.values))
                | ~Q(state="came") & Q(came_on=None, worth=""),
                name="rated_once_it_came",
            ),
        ]

    def __str__(self) -> str:
        return self.organ.called

    @property
    def superior(self) -> int:
        """The organ above the called one; of the topmost itself."""
        return self.organ.parent_id or self.organ_id

    def is_late(self, day: date) -> bool:
        """Tells whether it came after its day, or has not come on a later one."""
        late = (self.came_on or day) > self.come_by
        return late and self.state != CallState.EXCUSED
