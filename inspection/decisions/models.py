"""Decisions (重大决策): the steps that one takes before it, and who voted how.

An organ drafts one for the organ that decides (决策机关), which is its `office`. Days are Shanghai's.
"""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from massline.texts import LineColumn
from records.models import Record, RecordQuerySet
from responsibility.people import HeldPost, receiving_post
from responsibility.subjects import ChainSubject

COMMENT_DAYS = 30
"""How long the public is asked at the least (calendar days; 《重大行政决策程序暂行条例》第十五条)."""


class DecisionState(models.TextChoices):
    PREPARING = "preparing", _("履行程序中")
    CHECKING = "checking", _("待合法性审查")
    READY = "ready", _("待集体讨论")
    ADOPTED = "adopted", _("已通过")
    REJECTED = "rejected", _("未通过")
    STOPPED = "stopped", _("已停止执行")


FINAL = frozenset({DecisionState.REJECTED, DecisionState.STOPPED})


class Matter(models.TextChoices):
    """What is decided: a major administrative decision, or one of 三重一大."""

    ADMINISTRATIVE = "administrative", _("重大行政决策")
    MATTER = "matter", _("重大事项决策")
    PROJECT = "project", _("重要项目安排")
    MONEY = "money", _("大额度资金使用")


class Step(models.TextChoices):
    """The steps before legality review and collective discussion (第十四至二十四条)."""

    PARTICIPATION = "participation", _("公众参与")
    EXPERTS = "experts", _("专家论证")
    RISK = "risk", _("风险评估")


class Choice(models.TextChoices):
    FOR = "for", _("同意")
    AGAINST = "against", _("不同意")
    RESERVED = "reserved", _("保留意见")


class DecisionRole(StrEnum):
    """The role towards a decision besides those of every record."""

    HEAD = "head"
    """Top of the deciding organ."""


class DecisionQuerySet(RecordQuerySet["Decision"]):
    """(A class of its own, so that mypy finds the manager.)"""


class Decision(Record):
    KIND, PREFIX = "decision", "JC"

    state = models.CharField(max_length=16, choices=DecisionState, default=DecisionState.PREPARING)
    title = LineColumn(max_length=100)
    draft = models.TextField()
    """What shall be decided, in the words of the organ that drafts it."""
    matter_type = models.CharField(max_length=16, choices=Matter)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    met_on = models.DateField(null=True)
    """The day of the meeting that decided."""
    members = models.PositiveSmallIntegerField(null=True)
    """How many members the body that decided has."""
    salt = SaltField()

    objects = DecisionQuerySet.as_manager()
    audit = Columns(personal=("title", "draft"))
    OWN_ROLES: ClassVar = frozenset(DecisionRole)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state"),
            models.CheckConstraint(condition=Q(matter_type__in=Matter.values), name="decision_matter"),
            models.CheckConstraint(
                condition=Q(office__isnull=False, handler__isnull=False), name="decision_drafted_for_an_organ"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "checking", "ready"])
                | Q(met_on__isnull=False, members__isnull=False),
                name="decision_by_a_meeting",
            ),
        ]

    def office_chain_subject(self) -> ChainSubject:
        """Returns the deciding organ's own work: to check it, and to discuss it; never that of the post that drafts."""
        assert self.office_id is not None
        receives = receiving_post(self.office_id, besides=self.handler_id)
        return ChainSubject(self.office_id, self.category, post=receives)

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        heads = held.organ == self.office_id and held.is_top
        return super().roles_in(held) | ({DecisionRole.HEAD} if heads else set())

    def missing_steps(self) -> list[Step]:
        """Returns the steps of which nothing is written down yet."""
        taken = {one.step for one in self.steps.all()}
        return [step for step in Step if step not in taken]


class DecisionStep(models.Model):
    """One step that was taken, or why it is not needed. Written down again, it takes the place of what was there."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="steps", db_index=False)
    step = models.CharField(max_length=16, choices=Step)
    taken = models.BooleanField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    text = models.TextField()
    """What came of it; or on what ground it is not needed, or was shorter than the law's period."""
    shortened = models.BooleanField(default=False)
    """Whether the public was asked for less than thirty days, with the reason in the text."""
    salt = SaltField()

    audit = Columns(personal=("text",))

    class Meta:
        ordering = ("decision", "id")
        constraints = [
            models.UniqueConstraint(fields=["decision", "step"], name="decision_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="decision_step_step"),
            models.CheckConstraint(
                condition=Q(taken=False, since=None, until=None)
                | Q(taken=True, since__isnull=False, until__isnull=False, until__gte=F("since")),
                name="decision_step_days",
            ),
            models.CheckConstraint(
                condition=~Q(step="participation", taken=True, shortened=False)
                | Q(until__gte=F("since") + timedelta(days=COMMENT_DAYS)),
                name="decision_step_asked_thirty_days",
            ),
        ]


class Vote(models.Model):
    """How one member voted in a meeting. Who was not for it said why (第三十条: 不同意见应当如实记录). It stays as it
    was written down, but for the erasure of its words."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="votes", db_index=False)
    meeting = models.PositiveSmallIntegerField()
    """Of the meetings that discussed it, the first, the second …"""
    seq = models.PositiveSmallIntegerField()
    name = LineColumn(max_length=50)
    choice = models.CharField(max_length=12, choices=Choice)
    opinion = LineColumn(max_length=500, blank=True)
    said_why = models.BooleanField()
    """Whether there was an opinion; it stays when the words are erased."""
    salt = SaltField()

    audit = Columns(personal=("name", "opinion"))

    class Meta:
        ordering = ("decision", "meeting", "seq")
        constraints = [
            models.UniqueConstraint(fields=["decision", "meeting", "seq"], name="decision_vote_once"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="decision_vote_choice"),
            models.CheckConstraint(condition=Q(choice="for") | Q(said_why=True), name="decision_vote_dissent"),
        ]
