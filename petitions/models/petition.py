"""A petition (信访事项) as a citizen filed it, and its demand (诉求), which officials handle."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from citizens.models import Filing, Rating
from massline.pages import dated
from massline.texts import LineColumn
from massline.time import today
from petitions.duties import PETITION_OFFICE
from petitions.models import search_index
from petitions.models.answers import Answer, Outcome
from petitions.numbers import NUMBERS
from petitions.visibility import Role, VisibleDemands, owes_look, roles_in_post, roles_towards
from records.models import Record
from records.numbers import Numbers
from responsibility.models import Organ, Region
from responsibility.people import office_people, position_of, receiving_post
from responsibility.subjects import ChainSubject


class Channel(models.TextChoices):
    """The channels (信访形式) by which petitions come in."""

    WEB = "web", _("网上")
    LETTER = "letter", _("来信")
    VISIT = "visit", _("来访")
    PHONE = "phone", _("来电")


ENTERED_CHANNELS = [c for c in Channel.choices if c[0] != Channel.WEB]
"""The channels of petitions that officials enter; through the web citizens file themselves."""


class Purpose(models.TextChoices):
    """The purposes of petitions (信访目的), finer than the three classes of Art. 29-31."""

    REQUEST = "request", _("求决")
    APPEAL = "appeal", _("申诉")
    SUGGESTION = "suggestion", _("意见建议")
    CONSULTATION = "consultation", _("咨询")
    OTHER = "other", _("其他")


class State(models.TextChoices):
    RECEIVED = "received", _("已收到，待登记")
    REGISTERED = "registered", _("已登记，待转办")
    FORWARDED = "forwarded", _("已转办，待受理")
    OBJECTED = "objected", _("承办单位提出异议")
    DECLINING = "declining", _("拟不予受理，待核实")
    ACCEPTED = "accepted", _("已受理，待分派")
    HANDLING = "handling", _("正在办理")
    ANSWERED = "answered", _("已答复，待核实")
    CLOSED = "closed", _("已办结销号")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    TRANSFERRED = "transferred", _("已转交有权处理的机关")


FINAL = frozenset({State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TRANSFERRED})
OPEN = frozenset(State) - FINAL
SEEN = frozenset(State) - {State.TRANSFERRED}
"""The states in which officials see a petition."""


GROUP = 5
"""The number of persons from which a petition counts as a collective one (集体访)."""
MAX_PERSONS = 9999


class Petition(models.Model):
    """One petition (信访事项) as it was received."""

    filing = models.OneToOneField(Filing, models.PROTECT, primary_key=True, related_name="+")
    """The filing holds who filed the petition, and who is complained about."""
    number = models.CharField(max_length=24, unique=True)
    channel = models.CharField(max_length=8, choices=Channel)
    received_at = models.DateTimeField()
    postmarked_on = models.DateField(null=True)
    """The date of a letter's post mark (邮戳); no period runs from it."""
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    title = LineColumn(max_length=100)
    body = models.TextField()
    place = LineColumn(max_length=200, blank=True)
    wish = models.TextField(blank=True)
    persons = models.PositiveSmallIntegerField(default=1, db_default=1)
    """The number of people who petition together (信访人数, 人次), the one who filed included."""
    salt = SaltField()

    audit = Columns(personal=("title", "body", "place", "wish"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="petition_channel"),
            models.CheckConstraint(condition=Q(persons__range=(1, MAX_PERSONS)), name="petition_persons"),
            models.CheckConstraint(
                condition=Q(postmarked_on=None) | Q(channel=Channel.LETTER), name="only_letters_have_a_postmark"
            ),
        ]
        indexes = [
            models.Index(fields=["filing"], condition=Q(persons__gte=GROUP), name="petition_groups"),
            *search_index.of_petition(),
        ]

    def __str__(self) -> str:
        return self.number


class DemandQuerySet(VisibleDemands["Demand"]):
    def whole(self) -> "DemandQuerySet":
        """Adds the region, filing, organs, handler, answers and ratings that a petition's page shows, in one
        statement."""
        answers = Answer.objects.filter(demand=OuterRef("pk")).order_by("-pk")
        ratings = Rating.objects.filter(subject_kind=self.model.KIND, subject_id=OuterRef("pk")).order_by("object")
        return self.select_related("petition__region", "petition__filing", "organ", "office", "handler").annotate(
            answers_given=_values(answers, outcome="outcome", text="text", at="answered_at", organ="organ_name"),
            ratings_given=_values(ratings, object="object", score="score", reason="reason", at="rated_at"),
        )


def _values(rows: models.QuerySet[Any], **names: str) -> ArraySubquery:
    return ArraySubquery(rows.values(json=JSONObject(**names)))


class Demand(Record):
    """The demand of a petition (诉求): it has the state, organ, class, outcome and obligations.

    Number and title are its petition's.
    """

    KIND = "petition"
    PREFIX = NUMBERS.prefix
    DUTY = PETITION_OFFICE
    JOINED = ("petition", *Record.JOINED)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="demands", db_index=False)
    seq = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State)
    office = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    """The petition department (信访部门) that registered it."""
    category = models.CharField(max_length=6, blank=True)
    """The content class; empty until registration where the citizen did not know it."""
    purpose = models.CharField(max_length=16, choices=Purpose)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    received_at = models.DateTimeField()
    sealed = models.BooleanField(default=False, db_default=False)
    """Whether an accusation (检举控告) was found in it and handed over: then no official sees the demand any more."""

    objects = DemandQuerySet.as_manager()
    audit = Columns()
    HAS_HANDLER: ClassVar = (State.HANDLING, State.ANSWERED)
    RATED: ClassVar = (State.HANDLING, State.ANSWERED, State.CLOSED)
    """The states in which there may be ratings, including one given before the answer was returned."""
    HAS_OUTCOME: ClassVar = (State.ANSWERED, State.CLOSED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition"], name="one_demand_a_petition"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="demand_state"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="demand_purpose"),
            models.CheckConstraint(condition=Q(category__regex=r"^(\d{6})?$"), name="demand_category"),
            models.CheckConstraint(
                condition=~Q(category="") | Q(state__in=["received", "withdrawn", "transferred"]),
                name="registered_has_a_class",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handling", "answered"]) | Q(handler__isnull=False), name="handled_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["answered", "closed"], outcome__in=Outcome.values)
                | (~Q(state__in=["answered", "closed"]) & Q(outcome="")),
                name="outcome_when_answered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(FINAL)) | Q(due_at__isnull=False), name="open_has_a_date"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("strict_at")), name="demand_legal_after_strict"),
            models.CheckConstraint(condition=~Q(state="transferred") | Q(sealed=True), name="transferred_is_sealed"),
        ]
        indexes = [
            # The ledger in its order: all of it, one organ's, one post's, what is in one state.
            models.Index(dated("due_at"), "id", name="ledger"),
            models.Index("organ", dated("due_at"), "id", name="ledger_of_organ"),
            models.Index(
                "handler", dated("due_at"), "id", condition=Q(handler__isnull=False), name="ledger_of_handler"
            ),
            models.Index("state", dated("due_at"), "id", name="ledger_in_state"),
            models.Index(fields=["id"], condition=Q(sealed=True), name="demand_sealed"),
            models.Index(fields=["-received_at", "-id"], name="demand_received"),
            models.Index(fields=["category", "received_at"], name="demand_of_class"),
        ]

    @classmethod
    def numbers(cls) -> Numbers:
        return NUMBERS

    @property
    def number(self) -> str:  # type: ignore[override]
        return self.petition.number

    @property
    def title(self) -> str:
        return self.petition.title

    @property
    def in_hand(self) -> bool:
        return self.state == State.HANDLING

    def roles_of(self, actor: Any) -> frozenset[str]:
        return roles_towards(self, actor)

    def chain_subject(self) -> ChainSubject:
        """Builds the subject of the responsibility chain from the demand as it is in memory; in a fixed number of
        queries."""
        prefetch_related_objects([self], "petition__filing__complained")  # its page asks for them again
        return self.chain_subject_besides(named.user_id for named in self.petition.filing.complained.all())

    def chain_subject_besides(self, recused: Iterable[int | None]) -> ChainSubject:
        """Builds the chain subject when the users complained about are known already."""
        return replace(super().chain_subject(), recused=frozenset(user for user in recused if user is not None))

    def office_chain_subject(self) -> ChainSubject:
        """Builds the chain subject of the petition office's own obligations (deciding, verifying); never the handler's
        post."""
        post = receiving_post(self.office_id, besides=self.handler_id)
        return replace(self.chain_subject(), organ=self.office_id, post=post)

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """Returns the posts of the actor that give one of these roles towards the demand."""
        held_posts = position_of(actor).held
        looking = {held.post for held in held_posts if Role.LOOKER in who and owes_look(self, held)}
        return looking | {held.post for held in held_posts if roles_in_post(self, held) & who}

    def next_to_act(self) -> list[tuple[int, int | None]]:
        """Returns the handler, or without one the officials who receive petitions in the organ."""
        return self.handlers() or list(office_people(self.organ_id, today()))

    def verifiers(self) -> list[tuple[int, int | None]]:
        """Returns the officials of the petition office who decide and verify."""
        return list(office_people(self.office_id, today()))
