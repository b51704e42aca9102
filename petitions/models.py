"""Petitions: what a citizen told, who they are (sealed), what they ask for, and how it was answered."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.columns import Columns, SaltField
from massline.acts import lock_alone
from massline.pages import dated
from massline.texts import LineColumn
from massline.time import today
from petitions import categories, saved, search_index  # noqa: F401
from petitions.attachments import models as attachment_models  # noqa: F401
from petitions.importing import models as importing_models  # noqa: F401
from petitions.persons import GROUP, MOST_PERSONS
from petitions.persons import Petitioner as Petitioner
from petitions.persons import Representative as Representative
from petitions.persons import TellBy as TellBy
from petitions.telling.models import Telling as Telling
from petitions.transfers import models as transfer_models  # noqa: F401
from petitions.visibility import DemandQuerySet, Role, looks_in, roles_in_post, roles_towards
from responsibility.models import Appointment, Obligation, Organ, Post, Region
from responsibility.people import office_people, standing
from responsibility.subjects import Matter, Work


class Channel(models.TextChoices):
    """信访形式."""

    WEB = "web", _("网上")
    LETTER = "letter", _("来信")
    VISIT = "visit", _("来访")
    PHONE = "phone", _("来电")


class Purpose(models.TextChoices):
    """信访目的, finer than the three classes of Art. 29-31."""

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
"""The states in which officials see it."""


class Outcome(models.TextChoices):
    """The three outcomes of a handling opinion (信访处理意见书, Art. 32)."""

    SUPPORTED = "supported", _("予以支持")
    EXPLAINED = "explained", _("解释说明")
    NOT_SUPPORTED = "not_supported", _("不予支持")


class Petition(models.Model):
    """One petition (信访事项) as it was received."""

    number = models.CharField(max_length=24, unique=True)
    channel = models.CharField(max_length=8, choices=Channel)
    received_at = models.DateTimeField()
    postmarked_on = models.DateField(null=True)
    """The post mark of a letter (邮戳); no period runs from it."""
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    title = LineColumn(max_length=100)
    body = models.TextField()
    place = LineColumn(max_length=200, blank=True)
    wish = models.TextField(blank=True)
    persons = models.PositiveSmallIntegerField(default=1, db_default=1)
    """信访人数 (人次): how many people petition together; whoever filed counts."""
    tracking_hash = models.BinaryField()
    """The tracking code (查询码) is kept only as a keyed hash."""
    erased_at = models.DateTimeField(null=True)
    salt = SaltField()

    audit = Columns(personal=("title", "body", "place", "wish"), secret=("tracking_hash",))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="petition_channel"),
            models.CheckConstraint(condition=Q(persons__range=(1, MOST_PERSONS)), name="petition_persons"),
            models.CheckConstraint(
                condition=Q(postmarked_on=None) | Q(channel=Channel.LETTER), name="only_letters_have_a_postmark"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(persons__gte=GROUP), name="petition_groups"),
            models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="petition_erased"),
            *search_index.of_petition(),
        ]

    def __str__(self) -> str:
        return self.number


class ComplainedKind(models.TextChoices):
    ORGAN = "organ", _("单位")
    PERSON = "person", _("个人")


class Complained(models.Model):
    """Who is complained about (被反映人或单位). A person found among the users is recused (回避, Art. 28)."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="complained")
    kind = models.CharField(max_length=8, choices=ComplainedKind)
    name = LineColumn(max_length=64)
    organ_name = LineColumn(max_length=64, blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    salt = SaltField()

    audit = Columns(personal=("name", "organ_name", "organ_id", "user_id"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ComplainedKind.values), name="complained_kind")]
        indexes = [models.Index(fields=["user"], condition=Q(user__isnull=False), name="complained_user")]


class Demand(models.Model):
    """What is asked for (诉求): the unit that has a state, an organ, a class, an outcome and obligations."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="demands", db_index=False)
    seq = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", db_index=False)
    """The organ that has it now; never none."""
    office = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    """The petition department (信访部门) that registered it and is told of every step."""
    handler = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.CharField(max_length=6)
    purpose = models.CharField(max_length=16, choices=Purpose)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    strict_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """The earliest open obligation's period, kept here for the order and the lights of the ledger."""
    sealed = models.BooleanField(default=False, db_default=False)
    """An accusation (检举控告) was found in it and handed over: it exists for no official any more."""

    objects = DemandQuerySet.as_manager()
    audit = Columns()
    HAS_HANDLER: ClassVar = (State.HANDLING, State.ANSWERED)
    RATED: ClassVar = (State.HANDLING, State.ANSWERED, State.CLOSED)
    """In which there may be ratings, one that was given before it was returned included."""
    HAS_OUTCOME: ClassVar = (State.ANSWERED, State.CLOSED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition"], name="one_demand_a_petition"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="demand_state"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="demand_purpose"),
            models.CheckConstraint(condition=Q(category__regex=r"^\d{6}$"), name="demand_category"),
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
        ]

    def __str__(self) -> str:
        return self.petition.number

    @classmethod
    def locked(cls, pk: int) -> "Demand":
        lock_alone(cls, pk)
        return cls.objects.select_related("petition", "organ", "office", "handler__organ").get(pk=pk)

    @property
    def matter(self) -> Matter:
        return Matter("petition", self.pk, self.petition.number)

    @property
    def category_path(self) -> str:
        return " / ".join(categories.path(self.category))

    def roles_of(self, actor: Any) -> frozenset[str]:
        return roles_towards(self, actor)

    def last_change(self, actor: Any) -> str:
        from petitions.last_change import last_change

        return last_change(self, actor)

    def work(self) -> Work:
        """The work as it stands now (in memory too), for the chain."""
        from petitions.work import work_of

        return work_of(self)

    def office_work(self) -> Work:
        """What the petition department owes about it."""
        from petitions.work import office_work_of

        return office_work_of(self)

    @cached_property
    def owed(self) -> list[Obligation]:
        """What is and was owed about it, in the order in which it arose; read once."""
        about = Obligation.objects.about("petition", self.pk)
        return list(about.select_related("organ", "post").order_by("opened_at", "id"))

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """The posts that give this person one of these roles towards it."""
        held_posts = standing(actor).held
        looking = {held.post for held in held_posts if Role.LOOKER in who and looks_in(self, held)}
        return looking | {held.post for held in held_posts if roles_in_post(self, held) & who}

    def handlers(self) -> list[tuple[int, int | None]]:
        """Who holds the handler's post today: (user, post)."""
        return list(Appointment.objects.sitting(today()).filter(post=self.handler_id).values_list("user", "post"))

    def doing_it(self) -> list[tuple[int, int | None]]:
        """Whoever the next move is up to: the handler, else who receives petitions in the organ."""
        return self.handlers() or list(office_people(self.organ_id, today()))

    def verifying_it(self) -> list[tuple[int, int | None]]:
        """Whoever decides and verifies in the petition department."""
        return list(office_people(self.office_id, today()))


class Answer(models.Model):
    """A handling opinion (信访处理意见书, Art. 32). One that is returned stays; the next is a row of its own."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=16, choices=Outcome)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organ_name = models.CharField(max_length=64, blank=True, default="", db_default="")
    """What the organ was called then; a trigger writes it."""
    answered_at = models.DateTimeField()
    salt = SaltField()

    audit = Columns(personal=("text",))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="answer_outcome")]


class EntryKind(models.TextChoices):
    NOTE = "note", _("内部备注")
    QUESTION = "question", _("向信访人询问")
    SUPPLEMENT = "supplement", _("信访人补充")
    REASON = "reason", _("理由")
    WHERE_TO_GO = "where_to_go", _("应向何处提出")
    EVIDENCE = "evidence", _("核实销号依据")
    URGE = "urge", _("催办")


class Entry(models.Model):
    """A free text that came with an act. The log keeps that it was said; what was said can be erased."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=16, choices=EntryKind)
    act = models.CharField(max_length=24)
    event_id = models.BigIntegerField()
    public = models.BooleanField(default=False)
    """Whether the petitioner reads it."""
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    salt = SaltField()

    audit = Columns(personal=("text",))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind")]
        indexes = [models.Index(fields=["demand", "event_id"], name="entry_demand")]


class RatedObject(models.TextChoices):
    """The petition department and the responsible unit are rated separately (满意度评价)."""

    PETITION_OFFICE = "petition_office", _("信访部门")
    ORGAN = "organ", pgettext_lazy("谁", "承办单位")


class Rating(models.Model):
    """The petitioner's rating, 1 to 5 (好差评 five levels); a later one replaces the earlier."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="ratings", db_index=False)
    object = models.CharField(max_length=16, choices=RatedObject)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    rated_at = models.DateTimeField()
    salt = SaltField()

    audit = Columns(personal=("reason",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "object"], name="one_rating_an_object"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_1_to_5"),
            models.CheckConstraint(condition=Q(object__in=RatedObject.values), name="rated_object"),
        ]


class IdempotencyKey(models.Model):
    """One filing, however often it is sent: the answer of the first, sealed under the key that the sender chose."""

    LIFETIME: ClassVar = timedelta(hours=24)
    key_hash = models.BinaryField(unique=True)
    body_hash = models.BinaryField()
    filed_at = models.DateTimeField()
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    answer = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["filed_at"], name="idempotency_age")]
