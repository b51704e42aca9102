"""Proposals (提请): who asks which organ to create a record of which kind, because of which, and the decision."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy

from accounts.models import Kind, User
from audit.columns import Columns, SaltField
from massline.texts import LineColumn
from records.models.frozen import source_not_frozen
from records.models.links import Link
from records.models.sources import AboutSource, WithSource, hidden_from
from records.proposals import events
from responsibility.models import Notice, Organ
from responsibility.models.accountable import Accountable
from responsibility.people import position_of
from responsibility.subjects import ChainSubject

PROPOSER, DECIDER, LEADER = "proposer", "decider", "leader"
OpenedBy = Callable[[User], Collection[str]]
_opened_by: list[OpenedBy] = []


def register_opened_by(opened_by: OpenedBy) -> None:
    """Registers the function that returns the kinds of which a person may create a proposed record: this model lies
    below the kinds."""
    _opened_by[:] = [opened_by]


class ProposalState(models.TextChoices):
    OPEN = "open", gettext_lazy("待决定")
    TAKEN = "taken", gettext_lazy("已采纳")
    DECLINED = "declined", gettext_lazy("未采纳")
    WITHDRAWN = "withdrawn", gettext_lazy("已撤回")


def _decides(user: User) -> Q:
    """Builds the condition for proposals that this person can decide, but for their own."""
    return Q(proposed__in=_opened_by[0](user), organ__in=position_of(user).organs) & ~Q(made_by=user)


def _heads(user: User) -> Q:
    """Builds the condition for proposals that this person was notified of as head of an organ in which no official
    could decide (`notifying`)."""
    led = [held.organ for held in position_of(user).held if held.is_top]
    told = Notice.objects.filter(recipient=user, kind=events.RECEIVED.name, subject_kind=Proposal.KIND)
    return Q(organ__in=led, number__in=told.values("subject_key")) & ~Q(made_by=user)


def _marked(which: Q) -> Case:
    return Case(When(which, then=Value(True)), default=Value(False), output_field=models.BooleanField())


class ProposalQuerySet(AboutSource, models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        return self.filter(state=ProposalState.OPEN)

    def waiting_for(self, user: User) -> "ProposalQuerySet":
        """Narrows to proposals that this person can decide now."""
        return self.open().filter(_decides(user)).filter(~hidden_from(user), source_not_frozen())

    def for_user(self, user: User) -> "ProposalQuerySet":
        """Narrows to proposals that exist for this person: their own, those of their organ that they can decide, and
        those of which they were notified as its head; `mine` and `waits` say which.
        The source need not exist for them."""
        if user.kind != Kind.OFFICIAL or not user.is_active:
            return self.none()
        mine, decides = Q(made_by=user), _decides(user)
        marks = {"mine": _marked(mine), "waits": _marked(decides & Q(state=ProposalState.OPEN))}
        found = self.filter(mine | decides | _heads(user)).filter(~hidden_from(user), source_not_frozen())
        return found.annotate(**marks)


class Proposal(WithSource, Accountable):
    """A request that an organ create a record of a kind because of another record, and its decision."""

    KIND: ClassVar = "proposal"
    JOINED: ClassVar = ("organ", "made_by")

    number = models.CharField(max_length=24, unique=True)
    proposed = models.CharField(max_length=32)
    """The kind of record that should be opened."""
    relation = models.CharField(max_length=32)
    """What source and record will be to each other: a name of the closed list in `records/links.py`."""
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    """Decides."""
    title = LineColumn(max_length=100)
    words = models.TextField(blank=True)
    """What the record should say."""
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=ProposalState, default=ProposalState.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_in = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+", db_index=False)
    """The organ that the proposer spoke for."""
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The official who took it up or declined it; of one that was withdrawn, the proposer."""
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    """Why it was declined."""
    link = models.OneToOneField(Link, models.PROTECT, null=True, related_name="+")
    """Leads from the source to the record that was opened."""
    erased = models.BooleanField(default=False)
    """Whether its words went with those of the source."""
    salt = SaltField()

    objects = ProposalQuerySet.as_manager()
    audit = Columns(personal=("title", "words", "reason", "answer"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "proposed", "organ"],
                condition=Q(state="open"),
                name="proposed_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="proposal_decided_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", decided_by=F("made_by"))
                | ~Q(state="withdrawn") & (Q(decided_by=None) | ~Q(decided_by=F("made_by"))),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="taken", link__isnull=False) | ~Q(state="taken") & Q(link=None),
                name="proposal_taken_is_linked",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & (~Q(answer="") | Q(erased=True)) | ~Q(state="declined") & Q(answer=""),
                name="proposal_declined_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["source_kind", "source_id"], name="proposal_source"),
            models.Index(fields=["-made_at", "-id"], name="proposal_list"),
        ]

    def chain_subject(self) -> ChainSubject:
        """Returns the deciding organ's work; a person recused from the source is recused from this."""
        return ChainSubject(self.organ_id, recused=self.recused_by_source)

    def roles_of(self, actor: Any) -> frozenset[str]:
        if not isinstance(actor, User):
            return frozenset()
        mine = Proposal.objects.for_user(actor).filter(pk=self.pk).annotate(decides=_marked(_decides(actor)))
        decides = mine.values_list("decides", flat=True).first()
        if decides is None:
            return frozenset()
        return frozenset({PROPOSER if self.made_by_id == actor.pk else DECIDER if decides else LEADER})

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """Returns the posts in the deciding organ; for the proposer's act, in the organ that they proposed for."""
        organ = self.made_in_id if PROPOSER in who else self.organ_id
        return {held.post for held in position_of(actor).held if held.organ == organ}
