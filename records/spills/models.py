"""Spills: which record is frozen, since when, who reported it, and what the secrecy organ decided."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit.columns import Columns
from massline.texts import LineColumn
from records.models.record import Record
from records.models.sources import AboutSource, WithSource, recused_from
from records.models.visibility import RecordQuerySet, RecordRole
from responsibility.people import position_of
from responsibility.subjects import ChainSubject

DECIDER = "decider"


class SpillState(models.TextChoices):
    FROZEN = "frozen", _("已冻结，待核查")
    RELEASED = "released", _("已解除冻结")
    ERASED = "erased", _("内容已清除")


class SpillPlace(models.TextChoices):
    """Where the secret is. A choice and no words, which would repeat it."""

    TITLE = "title", _("标题")
    TEXT = "text", _("正文或办理中的文字")
    FILE = "file", _("附件")
    OTHER = "other", _("其他位置")


class SpillQuerySet(AboutSource, RecordQuerySet["Spill"]):
    def for_user(self, user: User) -> Self:
        """Narrows to those of the secrecy organ and of the organs above it; never of records that this person is
        recused from. That a walled record is frozen shows, too: its number, and nothing of it."""
        return super().for_user(user).filter(~recused_from(user))


class Spill(WithSource, Record):
    """One report of a secret in a record. As long as it is frozen, the record exists for nobody."""

    KIND: ClassVar = "spill"
    PREFIX: ClassVar = "DJ"
    JOINED: ClassVar = ("organ", "reported_by")

    state = models.CharField(max_length=16, choices=SpillState, default=SpillState.FROZEN)
    place = models.CharField(max_length=8, choices=SpillPlace)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)
    """When its words were last read for the decision; by whom, the log says."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    order_number = LineColumn(max_length=40, blank=True, default="")
    order_date = models.DateField(null=True)

    objects = SpillQuerySet.as_manager()
    audit = Columns()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], condition=Q(state="frozen"), name="frozen_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=SpillState.values), name="spill_state"),
            models.CheckConstraint(
                condition=Q(state="frozen", decided_by=None, decided_at=None)
                | ~Q(state="frozen") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="spill_decided_by_whom",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("reported_by")), name="spill_decided_by_another"),
            models.CheckConstraint(
                condition=Q(state="erased", order_date__isnull=False) & ~Q(order_number="")
                | ~Q(state="erased") & Q(order_number="", order_date=None),
                name="spill_erased_on_order",
            ),
        ]

    def chain_subject(self) -> ChainSubject:
        """Returns the work of the secrecy organ; a person recused from the record is recused from this."""
        return ChainSubject(self.organ_id, recused=self.recused_by_source)

    def roles_of(self, actor: Any) -> frozenset[str]:
        if not isinstance(actor, User) or not self.exists_for(actor):
            return frozenset()
        if actor.kind != Kind.OFFICIAL:
            return frozenset({str(actor.kind)})
        decides = self.organ_id in position_of(actor).organs
        return frozenset({RecordRole.READER.value, *([DECIDER] if decides else [])})

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        return {held.post for held in position_of(actor).held if held.organ == self.organ_id}
