"""Obligations, their escalations, and the notices of both."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from audit.log import Subject
from massline.acts import lock_row
from massline.time import clock_time, days_until, local_time, today
from responsibility import notices
from responsibility.models.organs import Appointment, Organ, Post
from responsibility.notices import NoticeKind
from responsibility.rules import rule
from responsibility.subjects import ChainSubject, Matter, adapter


class Outcome(models.TextChoices):
    """How an obligation ended."""

    MET = "met", _("按期完成")
    LATE = "late", _("逾期完成")
    RELEASED = "released", _("不再需要")
    MISSED = "missed", _("未履行")


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def open(self) -> "ObligationQuerySet":
        return self.filter(closed_at=None)

    def about(self, kind: str, pk: int) -> "ObligationQuerySet":
        return self.filter(subject_kind=kind, subject_id=pk)

    def computed_before(self, version: int) -> "ObligationQuerySet":
        """Narrows to what was not yet compared with this version of the calendar: open ones, and dates shown as
        provisional."""
        return self.filter(Q(closed_at=None) | Q(provisional=True), calendar_checked__lt=version)

    def overdue(self, now: datetime) -> "ObligationQuerySet":
        return self.open().filter(due_at__lte=now)


def shown_due(moment: datetime | None, *, by_hour: bool = False) -> date | datetime | None:
    """Returns the last day of a day rule, the instant of an hour rule; both in Shanghai's time."""
    if moment is None:
        return None
    local = local_time(moment)
    if by_hour or (local.hour, local.minute, local.second) != (0, 0, 0):
        return local
    return (local - timedelta(seconds=1)).date()


class Obligation(models.Model):
    """What a post owes by a date: goal, deadline, requirement, responsible post (定目标、定时间、定要求、定责任).

    `strict_at` ends the plain count, `due_at` the legal one (instants, UTC); overdue begins at `due_at`.
    Only an event that its rule names moves a date, or a new arrangement of holidays; a breach, once dated, stays (a
    trigger refuses to clear it).
    """

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    subject_key = models.CharField(max_length=40)
    rule = models.CharField(max_length=8)
    edition = models.CharField(max_length=64)
    item = models.PositiveSmallIntegerField(default=0, db_default=0)
    """Numbers what is owed several times over about one record under one rule; else 0."""
    goal = models.CharField(max_length=64)
    requirement = models.CharField(max_length=128)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    organ_name = models.CharField(max_length=64, blank=True, default="", db_default="")
    """What the organ was called when it ended (a trigger writes it); empty while it is open."""
    post = models.ForeignKey(Post, models.PROTECT, related_name="obligations")
    escalation = models.ForeignKey("Escalation", models.PROTECT, null=True, related_name="owed")
    opened_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField(null=True)
    """The number of days ordered or granted, where the rule itself has none."""
    extended_days = models.PositiveSmallIntegerField(default=0)
    strict_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    calendar = models.PositiveIntegerField()
    """The version of the arrangements of holidays that its dates were computed under."""
    calendar_checked = models.PositiveIntegerField()
    """The newest version that they were compared with: later than `calendar` where a date stays as it was promised."""
    breached_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    next_step = models.CharField(max_length=16, blank=True)
    next_at = models.DateTimeField(null=True)

    objects = ObligationQuerySet.as_manager()
    audit = Columns()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "rule", "item"], condition=Q(closed_at=None), name="owed_once"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("strict_at")), name="legal_after_strict"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False, outcome__in=Outcome.values),
                name="closed_with_outcome",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(next_at=None), name="closed_never_climbs"),
            models.CheckConstraint(
                condition=Q(next_at=None, next_step="") | (Q(next_at__isnull=False) & ~Q(next_step="")),
                name="next_step_has_its_moment",
            ),
        ]
        indexes = [
            # The sweep reads this index and nothing else: what comes next, oldest first.
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="obligation_next"),
            models.Index(fields=["subject_kind", "subject_id"], name="obligation_subject"),
            models.Index(fields=["post", "due_at"], condition=Q(closed_at=None), name="obligation_open_by_post"),
            # Rates are taken over what fell due under a rule in a period, and over what was done in it.
            models.Index(fields=["rule", "due_at"], name="obligation_cohort"),
            models.Index(fields=["rule", "closed_at"], condition=Q(closed_at__isnull=False), name="obligation_done"),
            # What an arrangement that was loaded since may move.
            models.Index(
                fields=["calendar_checked", "id"],
                condition=Q(closed_at=None) | Q(provisional=True),
                name="obligation_calendar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key} {self.goal}"

    @property
    def subject(self) -> Subject:
        return Subject(self.subject_kind, self.subject_key)

    @property
    def _is_by_hour(self) -> bool:
        return rule(self.rule, edition=self.edition).unit == "h"

    @property
    def due_strict(self) -> date | datetime | None:
        return shown_due(self.strict_at, by_hour=self._is_by_hour)

    @property
    def due_legal(self) -> date | datetime | None:
        return shown_due(self.due_at, by_hour=self._is_by_hour)

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= (self.closed_at or now)

    def days_over(self, day: date) -> int:
        """Calendar days after the last one by law until a day; none while it may still be done."""
        legal = self.due_legal
        return max(0, -days_until(legal, day)) if legal is not None else 0


class EscalationState(models.TextChoices):
    TOLD = "told", _("已告知")
    SENT = "sent", _("待签收")
    ACKNOWLEDGED = "acknowledged", _("已签收，待批示")
    INSTRUCTED = "instructed", _("已批示")
    SETTLED = "settled", _("事项已办，自动结束")


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def about(self, kind: str, *pks: int) -> "EscalationQuerySet":
        """Narrows to the steps that obligations about these records have climbed."""
        return self.filter(obligation__subject_kind=kind, obligation__subject_id__in=pks)


class Escalation(models.Model):
    """One step of one obligation up the chain: exactly one row however many sweepers run.

    `since` is when the obligation fell due, `noticed_at` when the notice stood in the inbox.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="escalations", db_index=False)
    step = models.CharField(max_length=16)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    organ_name = models.CharField(max_length=64, blank=True, default="", db_default="")
    """What it was called then; a trigger writes it."""
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    skipped = models.JSONField(null=True)
    """Links passed over with the reason: it may say who is complained about."""
    state = models.CharField(max_length=16, choices=EscalationState)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    instructed_at = models.DateTimeField(null=True)
    instruction = models.TextField(blank=True)
    salt = SaltField()

    objects = EscalationQuerySet.as_manager()
    audit = Columns(personal=("instruction", "skipped"))
    OPEN: ClassVar[tuple[str, ...]] = (EscalationState.SENT, EscalationState.ACKNOWLEDGED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "step"], name="one_step_once"),
            models.CheckConstraint(condition=Q(state__in=EscalationState.values), name="escalation_state"),
            models.CheckConstraint(
                condition=~Q(state="instructed") | Q(instructed_at__isnull=False), name="instructed_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation.subject_key} {self.step}"

    @classmethod
    def locked(cls, pk: int) -> "Escalation":
        """Locks in the same order as every other act: the record, its obligations, their steps."""
        owed = Obligation.objects.get(escalations=pk)
        adapter(owed.subject_kind).lock(owed.subject_id)
        lock_row(Obligation, owed.pk)
        lock_row(cls, pk)
        return cls.objects.select_related("obligation__post__organ", "organ").get(pk=pk)

    def chain_subject(self) -> ChainSubject:
        """Returns the work that climbed, as its record has it when first asked."""
        return self._work

    @cached_property
    def _work(self) -> ChainSubject:
        owed = self.obligation
        return adapter(owed.subject_kind).chain_subjects([owed.subject_id])[owed.subject_id]

    @property
    def matter(self) -> Matter:
        owed = self.obligation
        return Matter(owed.subject_kind, owed.subject_id, owed.subject_key)

    @property
    def addressees(self) -> "models.QuerySet[Post]":
        """The posts that this climbed to. Of two top posts of an organ either may answer, whichever of them owes it."""
        told = self.notices.filter(kind=notices.ESCALATED.name).values("post")
        return Post.objects.filter(pk__in=told)

    def addressed(self, user: Any) -> "models.QuerySet[Post]":
        """Returns the posts in which this climbed to this person: those that they answer in today."""
        held = Appointment.objects.on(today()).filter(user=user).values("post")
        return self.addressees.filter(pk__in=held)

    def roles_of(self, actor: Any) -> frozenset[str]:
        mine = self.addressed(actor).exists() and self.chain_subject().may_know(actor.pk)
        return frozenset({"addressee"} if mine else ())

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """Returns the posts in which it climbed to this person."""
        return set(self.addressed(actor).values_list("pk", flat=True))

    def last_change(self, actor: Any) -> str:
        """Says which organ's leader answered, and when; or that nothing needs to be answered any more."""
        state, at = EscalationState(self.state), self.instructed_at or self.acknowledged_at
        if state == EscalationState.SETTLED or at is None:
            return str(state.label)
        words = {"by": self.organ.name, "when": clock_time(at), "state": state.label}
        return str(_("%(by)s已于 %(when)s 办理（%(state)s），请查看最新情况。") % words)

    def post_of(self, actor: Any) -> str:
        return str(self.addressed(actor).select_related("organ").first() or actor)

    def people_below(self) -> Iterable[tuple[int, int | None]]:
        """Returns the people on the rungs below and the handler: they are notified of the instruction."""
        told = Notice.objects.filter(
            escalation__obligation=self.obligation, escalation__noticed_at__lt=self.noticed_at
        ).exclude(kind=notices.CHAIN_GAP.name)
        post = Obligation.objects.filter(pk=self.obligation_id).values("post")  # as it is now: in new hands, perhaps
        doing = Appointment.objects.answering(today()).filter(post__in=post)
        people = dict(told.values_list("recipient", "post")) | dict(doing.values_list("user", "post"))
        return people.items()


class Notice(models.Model):
    """A notice in the inbox: committed with the change that it is about, so it is delivered exactly once.

    It names the number and nothing about the petitioner. `told_at` is when it stood in the inbox.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=48)
    """The name of a registered kind (`notices`)."""
    subject_kind = models.CharField(max_length=32)
    subject_key = models.CharField(max_length=40)
    merge_key = models.CharField(max_length=40, blank=True, default="", db_default="")
    """Of what each person gets one notice of this kind, and no second; empty where they get as many as there are."""
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="+")
    escalation = models.ForeignKey(Escalation, models.PROTECT, null=True, related_name="notices", db_index=False)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    audit = Columns()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["escalation", "recipient"], name="told_once_a_step"),
            models.UniqueConstraint(
                fields=["recipient", "kind", "merge_key"], condition=~Q(merge_key=""), name="told_once_for_all"
            ),
            models.CheckConstraint(condition=Q(kind__regex=notices.FORMAT), name="notice_kind"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-told_at", "-id"], name="notice_inbox"),
            models.Index(fields=["told_at"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def build(
        cls, kind: NoticeKind, recipient: int, about: Matter | Subject, told_at: datetime, post: int | None = None
    ) -> "Notice":
        """Builds a notice without saving it; refuses a kind that no app registered."""
        return cls(
            kind=notices.check_registered(kind).name,
            recipient_id=recipient,
            post_id=post,
            subject_kind=about.kind,
            subject_key=about.key,
            told_at=told_at,
        )

    @property
    def declared(self) -> NoticeKind:
        """The kind of the notice, as its app declares it."""
        return notices.kind_of(self.kind)

    @property
    def title(self) -> str:
        """The sentence of its kind, with the number of the record."""
        declared = self.declared
        return f"{declared.sentence} {self.subject_key}" if declared.numbered else str(declared.sentence)


def collapsed_into_older() -> Q:
    """Builds the condition for notices of collapsed kinds that an older unread one stands in for in the inbox."""
    older = Notice.objects.filter(kind=OuterRef("kind"), recipient=OuterRef("recipient"), pk__lt=OuterRef("pk"))
    waiting, read = Exists(older.filter(read_at=None)), Exists(older.filter(read_at=OuterRef("read_at")))
    collapsed = notices.names(lambda kind: kind.collapsed)
    return Q(kind__in=collapsed) & (Q(waiting, read_at=None) | Q(read))
