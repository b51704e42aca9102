"""The register of accusations handed over (移送登记簿, Art. 22, 30, 41): number, day, pages, receiver, receipt."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit.columns import Columns
from massline.acts import lock_row
from massline.texts import LineColumn
from records.models.frozen import not_frozen
from responsibility.duties import DISCIPLINE
from responsibility.models import Accountable, Obligation, Organ, Post
from responsibility.people import HeldPost, position_of, receiving_post
from responsibility.subjects import ChainSubject

MAX_PAGES = 9999
NOTHING = Q(pk__in=[])


class TransferState(models.TextChoices):
    SENT = "sent", _("已移送，待回执")
    RECEIPTED = "receipted", _("已取得回执")


class TransferRole(StrEnum):
    """The roles that an official can have towards one line of the register."""

    SENDER = "sender"
    OFFICE = "office"
    RECEIVER = "receiver"
    ABOVE = "above"
    OVERSEER = "overseer"


class TransferQuerySet(models.QuerySet["Transfer"]):
    def for_user(self, user: User) -> "TransferQuerySet":
        """Selects the lines that the user may see: none that is about the user."""
        if not user.is_active:
            return self.none()
        accused = Q(demand__petition__filing__complained__user=user)
        there = self.filter(not_frozen(self.model.KIND))
        return there.filter(_visible_lines(user)).exclude(pk__in=self.model.objects.filter(accused).values("pk"))


def chain_subjects_of(lines: Collection["Transfer"]) -> dict[int, ChainSubject]:
    """Returns the chain subjects of lines: the receiver owes the receipt, and above it only the discipline organs
    answer (SV04). A receiver without a post here leaves it to the sender to obtain the receipt."""
    recused: dict[int, set[int]] = defaultdict(set)
    named = Transfer.objects.filter(
        pk__in=[line.pk for line in lines], demand__petition__filing__complained__user__isnull=False
    )
    for pk, user in named.values_list("pk", "demand__petition__filing__complained__user"):
        recused[pk].add(user)
    posts = {organ: receiving_post(organ) for organ in {line.sent_to_id for line in lines}}
    return {
        line.pk: ChainSubject(
            line.sent_to_id,
            post=posts[line.sent_to_id] or line.post_id,
            recused=frozenset(recused[line.pk]),
            line=DISCIPLINE,
        )
        for line in lines
    }


def _visible_lines(user: User) -> Q:
    if user.kind in (Kind.INSPECTOR, Kind.AUDITOR):
        return Q()
    if user.kind != Kind.OFFICIAL:
        return NOTHING
    where = position_of(user)
    keeps = [h.organ for h in where.held if h.is_intake or h.is_top]
    climbed = Obligation.objects.filter(
        subject_kind="transfer", escalations__notices__post__in=where.posts, escalations__notices__recipient=user
    )
    ways = Q(sent_from__in=keeps) | Q(sent_to__in=keeps) | Q(pk__in=climbed.values("subject_id"))
    return Q(sent_by=user) | ways


class Transfer(Accountable):
    """One accusation handed over: a petition, whose text is sealed, or a paper that was never entered here."""

    KIND = "transfer"
    JOINED = ("sent_from", "sent_to", "post", "demand__petition")
    number = models.CharField(max_length=24, unique=True)
    demand = models.OneToOneField("petitions.Demand", models.PROTECT, null=True, related_name="transfer")
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=TransferState)
    pages = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_from = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    """The post that handed it over: the receipt is entered in another."""
    sent_to = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    receipt_number = LineColumn(max_length=40, blank=True, default="")
    receipt_on = models.DateField(null=True)
    receipt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    receipt_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    """The content of the petition, under a key that no page opens (transfers/sealing.py)."""
    sealed_files = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    objects = TransferQuerySet.as_manager()
    audit = Columns(secret=("sealed", "sealed_files"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pages__range=(1, MAX_PAGES)), name="transfer_pages"),
            models.CheckConstraint(condition=Q(state__in=TransferState.values), name="transfer_state"),
            models.CheckConstraint(
                condition=~Q(state="receipted")
                & Q(receipt_number="", receipt_on=None, receipt_by=None, receipt_at=None)
                | Q(state="receipted", receipt_on__isnull=False, receipt_by__isnull=False, receipt_at__isnull=False)
                & ~Q(receipt_number=""),
                name="receipt_number_and_day",
            ),
            models.CheckConstraint(condition=~Q(receipt_by=F("sent_by")), name="receipt_by_another"),
            models.CheckConstraint(condition=~Q(sent_to=F("sent_from")), name="sent_elsewhere"),
        ]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="transfer_sent")]

    @classmethod
    def lock(cls, pk: int) -> None:
        """Locks the row in the order of all acts: the petition first."""
        demand = cls.objects.values_list("demand", flat=True).get(pk=pk)
        if demand is not None:
            lock_row(cls._meta.get_field("demand").related_model, demand)  # type: ignore[arg-type]
        super().lock(pk)

    def chain_subject(self) -> ChainSubject:
        return chain_subjects_of([self])[self.pk]

    def roles_of(self, actor: Any) -> frozenset[str]:
        if not isinstance(actor, User) or not Transfer.objects.for_user(actor).filter(pk=self.pk).exists():
            return frozenset()
        if actor.kind != Kind.OFFICIAL:
            return frozenset({TransferRole.OVERSEER})
        roles = {role for held in position_of(actor).held for role in self._roles_in(held)}
        roles |= {TransferRole.SENDER} if self.sent_by_id == actor.pk else set()
        return frozenset(roles or {TransferRole.ABOVE})

    def _roles_in(self, held: HeldPost) -> Iterable[str]:
        keeps = held.is_intake or held.is_top
        if keeps and held.organ == self.sent_from_id and held.post != self.post_id:
            yield TransferRole.OFFICE
        if keeps and held.organ == self.sent_to_id:
            yield TransferRole.RECEIVER

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        used = {held.post for held in position_of(actor).held if {*self._roles_in(held)} & who}
        own = {held.post for held in position_of(actor).held if held.post == self.post_id}
        return used | (own if TransferRole.SENDER in who else set())

    def may_be_read_by(self, user: User) -> bool:
        """Returns whether the user may read the content: only its sender, until the receipt."""
        waits = self.state == TransferState.SENT
        return waits and self.demand_id is not None and self.sent_by_id == user.pk and bool(self.roles_of(user))
