"""The columns and the behaviour that records of nearly every kind have."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Kind, User
from massline.pages import dated
from massline.time import today
from records.models.visibility import RecordRole
from records.numbers import Numbers
from responsibility import content_classes
from responsibility.models import Appointment, Organ, Post
from responsibility.models.accountable import Accountable
from responsibility.people import HeldPost, Position, position_of
from responsibility.subjects import ChainSubject
from responsibility.visibility import visible_ids

NOTHING = Q(pk__in=[])


class Record(Accountable):
    """A record in the hands of an organ. Its dates follow its obligations, whatever changed these."""

    PREFIX: ClassVar[str] = ""
    """With which its numbers begin."""
    DUTY: ClassVar[str] = ""
    """The duty (responsibility/duties.py) of the organ that is its office."""
    JOINED: ClassVar[tuple[str, ...]] = ("organ", "office", "handler__organ")

    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=16)
    """A kind declares it again, with its choices."""
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", db_index=False)
    """The organ that has it now; never none."""
    office = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    """The organ that is told of every step."""
    handler = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.CharField(max_length=6, blank=True)
    """Its content class; what has none is in the charge of the top alone."""
    received_at = models.DateTimeField(default=timezone.now)
    """Since when it is there."""
    opened_at = models.DateTimeField(null=True)
    strict_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """The earliest open obligation's period, kept here for the order and the lights of the list."""

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(category__regex=r"^(\d{6})?$"), name="%(class)s_category"),
            models.CheckConstraint(condition=Q(due_at__gte=F("strict_at")), name="%(class)s_legal_after_strict"),
        ]
        indexes = [
            # The list in its order: all of it, one organ's, one post's.
            models.Index(dated("due_at"), "id", name="%(class)s_list"),
            models.Index("organ", dated("due_at"), "id", name="%(class)s_of_organ"),
            models.Index(
                "handler", dated("due_at"), "id", condition=Q(handler__isnull=False), name="%(class)s_of_handler"
            ),
            models.Index(fields=["-received_at", "-id"], name="%(class)s_received"),
        ]

    @classmethod
    def numbers(cls) -> Numbers:
        return Numbers(cls.PREFIX)

    @property
    def category_path(self) -> str:
        return " / ".join(content_classes.path(self.category))

    @property
    def in_hand(self) -> bool:
        """Whether its handler is at work on it."""
        return self.handler_id is not None

    def chain_subject(self) -> ChainSubject:
        """Returns the work for the chain as it is now, changes in memory included."""
        return ChainSubject(
            self.organ_id, self.category, post=self.handler_id, office=self.office_id, in_hand=self.in_hand
        )

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now

    def handlers(self) -> list[tuple[int, int | None]]:
        """Returns the people in the handler's post today, as (user, post)."""
        return list(Appointment.objects.answering(today()).filter(post=self.handler_id).values_list("user", "post"))

    # --- Who is what to it --------------------------------------------------------------------------------------------
    def exists_for(self, actor: Any) -> bool:
        if not isinstance(actor, User):
            return False
        return type(self)._default_manager.filter(pk=self.pk, pk__in=visible_ids(self.KIND, actor)).exists()

    def roles_of(self, actor: Any) -> frozenset[str]:
        """Returns the roles of this person towards it now; empty when it does not exist for them."""
        if not self.exists_for(actor):
            return frozenset()
        if actor.kind != Kind.OFFICIAL:
            return frozenset({str(actor.kind)})
        held = position_of(actor).held
        return frozenset({RecordRole.READER, *(role for post in held for role in self.roles_in(post))})

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        """Returns the roles that holding this post gives towards the record."""
        here = held.organ == self.organ_id
        in_charge = here and not held.is_top and content_classes.covers(held.in_charge_of, self.category)
        said = {
            RecordRole.HANDLER: held.post == self.handler_id,
            RecordRole.DEPUTY: in_charge,
            RecordRole.LEADER: here and held.is_top,
            RecordRole.OFFICE: held.organ == self.office_id,
        }
        return frozenset(role for role, holds in said.items() if holds)

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """Returns the posts that give this person one of these roles towards it; a reader's are those through which it
        exists for them."""
        where = position_of(actor)
        used = {held.post for held in where.held if self.roles_in(held) & who}
        reading = {held.post for held in where.held if self._exists_through(held, where)}
        return used | (reading if RecordRole.READER in who else set())

    def _exists_through(self, held: HeldPost, where: Position) -> bool:
        """Tells whether the record exists for the holder of this post because of it, as `visible_condition` says."""
        leads = held.is_top and self.organ_id in where.below
        serves = self.DUTY in held.duties and self.office_id in where.offices(self.DUTY)
        own = held.organ in (self.organ_id, self.office_id) or held.post == self.handler_id
        return own or leads or serves
