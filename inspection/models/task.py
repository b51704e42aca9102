"""Tasks (督查事项): goal, deadline, requirement and responsible post of what was ordered (四定)."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.columns import Columns, SaltField
from inspection.duties import INSPECTION_OFFICE
from inspection.models.milestone import Milestone
from massline.texts import LineColumn
from massline.time import today
from records.models import Record, RecordQuerySet
from records.models.sources import grew_from_hidden, recused_through_sources
from responsibility.models import Appointment, Organ, Post
from responsibility.people import HeldPost, office_people, position_of, receiving_post
from responsibility.subjects import ChainSubject


class TaskState(models.TextChoices):
    DRAFT = "draft", _("拟立项")
    APPROVED = "approved", _("已批准，待下达")
    ISSUED = "issued", _("已下达，待签收")
    WORKING = "working", _("落实中")
    BLOCKED = "blocked", _("等待协调")
    REPORTED = "reported", _("已报结，待核实")
    VERIFIED = "verified", _("已核实，待销号")
    RECHECKING = "rechecking", _("已销号，待回头看")
    CLOSED = "closed", _("已销号")
    STOPPED = "stopped", _("已中止")


FINAL = frozenset({TaskState.CLOSED, TaskState.STOPPED})
OPEN = frozenset(TaskState) - FINAL
NOT_ISSUED = frozenset({TaskState.DRAFT, TaskState.APPROVED})
OWED = frozenset({TaskState.ISSUED, TaskState.WORKING, TaskState.BLOCKED})
"""The states in which the lead organ owes it."""


class Origin(models.TextChoices):
    """What a task comes from (立项来源)."""

    INSTRUCTION = "instruction", _("领导批示")
    MEETING = "meeting", _("会议决定")
    DOCUMENT = "document", _("文件部署")
    REPORT = "report", _("报告、反映的问题")
    RECORD = "record", _("本平台的事项")


class Track(models.TextChoices):
    """Which inspection it is: the party committee's, or the government's under its regulations."""

    PARTY = "party", _("党委督查")
    GOVERNMENT = "government", _("政府督查")


class TaskRole(StrEnum):
    """The roles towards a task besides those of every record."""

    HEAD = "head"
    """Top of the inspection office."""
    ORDERER = "orderer"
    """Holds the post that ordered it."""
    IN_CHARGE = "in_charge"
    """Holds the post of the responsible leader (责任领导)."""
    WAITED_FOR = "waited_for"
    """Heads or receives for the organ that the lead organ waits for."""
    HELPER = "helper"
    """Heads or receives for an organ that still owes the lead its help (协办)."""


class TaskQuerySet(RecordQuerySet["Task"]):
    def for_user(self, user: User) -> "TaskQuerySet":
        """Returns the tasks that exist for this person: none that was opened because of what they are accused in."""
        return super().for_user(user).exclude(grew_from_hidden(Task.KIND, user))

    def visible_condition(self, user: User) -> Q:
        where = position_of(user)
        answers_for = [held.organ for held in where.held if held.is_top or held.is_intake]
        ordered_or_led = Q(ordered_by__in=where.posts) | Q(leader__in=where.posts)
        helps = Milestone.objects.filter(helper__in=answers_for, task=OuterRef("pk"))
        helped = Q(Exists(helps)) & ~Q(state__in=NOT_ISSUED)
        return super().visible_condition(user) | ordered_or_led | Q(waits_for__in=answers_for) | helped


class Task(Record):
    """What was ordered of one lead organ (牵头单位), from its order to its write-off (销号).

    Days are Shanghai's. `due_on` moves only by `postpone`; `first_due_on` is the day that was ordered at first.
    """

    KIND, PREFIX, DUTY = "task", "DC", INSPECTION_OFFICE
    JOINED = ("organ", "office", "handler__organ", "leader__organ", "ordered_by__organ", "waits_for")

    state = models.CharField(max_length=16, choices=TaskState, default=TaskState.DRAFT)
    title = LineColumn(max_length=100)
    origin = models.CharField(max_length=12, choices=Origin)
    origin_note = LineColumn(max_length=100, blank=True)
    """Which instruction, meeting or document: its number and day, never the words of an instruction (工作秘密)."""
    track = models.CharField(max_length=12, choices=Track)
    goal = LineColumn(max_length=200)
    requirement = models.TextField()
    ordered_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    """The post that ordered it: it alone postpones and stops."""
    leader = models.ForeignKey(Post, models.PROTECT, related_name="+")
    """The responsible leader (责任领导); the handler is the responsible person (责任人)."""
    due_on = models.DateField()
    first_due_on = models.DateField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    waits_for = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    """The organ that it waits for while it is blocked."""
    asked_at = models.DateTimeField(null=True)
    """Since when those affected are asked; null after what they said was written down."""
    salt = SaltField()

    objects = TaskQuerySet.as_manager()
    audit = Columns(personal=("title", "origin_note", "goal", "requirement"))
    OWN_ROLES: ClassVar = frozenset(TaskRole) - {TaskRole.HELPER}

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="task_origin"),
            models.CheckConstraint(condition=Q(track__in=Track.values), name="task_track"),
            models.CheckConstraint(
                condition=Q(handler__isnull=False, office__isnull=False) & ~Q(leader=F("handler")),
                name="task_leader_is_not_handler",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("first_due_on")), name="task_only_postponed"),
            models.CheckConstraint(
                condition=Q(state="blocked", waits_for__isnull=False) & ~Q(waits_for=F("organ"))
                | ~Q(state="blocked") & Q(waits_for=None),
                name="task_blocked_by_another",
            ),
        ]

    @property
    def in_hand(self) -> bool:
        """Whether the lead organ is at work on it."""
        return self.state in OWED

    @cached_property
    def recused(self) -> frozenset[int]:
        """The people who are recused (回避) from what it was opened because of, and so from it."""
        return recused_through_sources(self.KIND, [self.pk])[self.pk]

    def chain_subject(self) -> ChainSubject:
        return replace(super().chain_subject(), recused=self.recused)

    def office_chain_subject(self) -> ChainSubject:
        """Returns the inspection office's own work: to issue, to verify, to recheck."""
        assert self.office_id is not None
        return replace(self.chain_subject(), organ=self.office_id, post=receiving_post(self.office_id), in_hand=False)

    def waited_for_chain_subject(self) -> ChainSubject:
        """Returns the work of the organ that it waits for: to answer."""
        assert self.waits_for_id is not None
        return ChainSubject(self.waits_for_id, self.category, office=self.office_id, recused=self.recused)

    def help_chain_subject(self, helper: int) -> ChainSubject:
        """Returns the work of an organ that helps: what it owes to the lead."""
        return ChainSubject(helper, self.category, office=self.office_id, recused=self.recused)

    @cached_property
    def helps(self) -> list[Milestone]:
        """The items that other organs owe to the lead (协办)."""
        return [one for one in self.milestones.all() if one.helper_id]

    def helps_of(self, held: HeldPost) -> list[Milestone]:
        """Returns the helps for which the holder of this post answers: of the organ that they head or receive for."""
        return [one for one in self.helps if one.helper_id == held.organ and (held.is_top or held.is_intake)]

    # --- Who is what to it --------------------------------------------------------------------------------------------
    def roles_in(self, held: HeldPost) -> frozenset[str]:
        said = {
            TaskRole.HEAD: held.organ == self.office_id and held.is_top,
            TaskRole.ORDERER: held.post == self.ordered_by_id,
            TaskRole.IN_CHARGE: held.post == self.leader_id,
            TaskRole.WAITED_FOR: held.organ == self.waits_for_id and (held.is_top or held.is_intake),
            TaskRole.HELPER: any(one.done_at is None for one in self.helps_of(held)),
        }
        return super().roles_in(held) | {role for role, holds in said.items() if holds}

    def _exists_through(self, held: HeldPost, where: Any) -> bool:
        helps = self.state not in NOT_ISSUED and bool(self.helps_of(held))
        return helps or bool(self.roles_in(held) & self.OWN_ROLES) or super()._exists_through(held, where)

    # --- Who is told --------------------------------------------------------------------------------------------------
    def holders(self, *posts: int | None) -> list[tuple[int, int | None]]:
        """Returns the people who answer in these posts today, as (user, post)."""
        held = Appointment.objects.answering(today()).filter(post__in=[post for post in posts if post])
        return list(held.values_list("user", "post"))

    def doers(self) -> Iterable[tuple[int, int | None]]:
        return self.holders(self.handler_id, self.leader_id)

    def orderers(self) -> Iterable[tuple[int, int | None]]:
        return self.holders(self.ordered_by_id)

    def inspectors(self) -> Iterable[tuple[int, int | None]]:
        assert self.office_id is not None
        return office_people(self.office_id, today())

    def waited_for_people(self) -> Iterable[tuple[int, int | None]]:
        return office_people(self.waits_for_id, today()) if self.waits_for_id else []
