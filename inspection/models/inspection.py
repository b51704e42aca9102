"""Inspections (督查活动): on whose order, by which team, of which organs, on which days; and their checklist."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import connection, models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from audit.columns import Columns, SaltField
from inspection.duties import INSPECTION_OFFICE
from inspection.models.plan import PlanItem
from inspection.models.task import Track
from massline.texts import LineColumn
from massline.time import today
from records.models import Record, RecordQuerySet
from responsibility.models import Appointment, DateRange, Organ, Post
from responsibility.people import HeldPost, office_people, position_of
from responsibility.subjects import ChainSubject

MAX_OBJECTS, MAX_CHECKS = 50, 200
VISITED_PEOPLE = """
WITH RECURSIVE visited (inspection, organ) AS (
    SELECT v.inspection_id, v.organ_id FROM inspection_visitedorgan v WHERE v.inspection_id = ANY(%(inspections)s)
    UNION
    SELECT visited.inspection, o.id FROM responsibility_organ o JOIN visited ON o.parent_id = visited.organ
)
SELECT DISTINCT v.inspection, a.user_id FROM visited v JOIN responsibility_post p ON p.organ_id = v.organ
JOIN responsibility_appointment a ON a.post_id = p.id
WHERE a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s)
"""


class InspectionState(models.TextChoices):
    PROPOSED = "proposed", _("拟开展，待批准")
    APPROVED = "approved", _("已批准，待开展")
    GOING = "going", _("正在督查")
    CONCLUDED = "concluded", _("结论都已送达")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("未开展")


OVER = frozenset({InspectionState.CLOSED, InspectionState.DROPPED})
STARTED = frozenset({InspectionState.APPROVED, InspectionState.GOING})
UNDER_WAY = STARTED | {InspectionState.PROPOSED}


class InspectionType(models.TextChoices):
    """The types of Art. 14 of the Regulations on Government Inspection."""

    COMPREHENSIVE = "comprehensive", _("综合督查")
    SPECIAL = "special", _("专项督查")
    INCIDENT = "incident", _("事件调查")
    DAILY = "daily", _("日常督办")
    LEAD = "lead", _("线索核查")


class InspectionRole(StrEnum):
    HEAD = "head"
    """Top of the inspection office."""
    CHIEF = "chief"
    """Top of the organ above the office: the head of the government or of the committee."""
    APPROVER = "approver"
    """Approves this one: the post named for it, else the head of the office, within the year's plan."""
    TEAM = "team"
    """In a post of the team, and not recused."""


class InspectionQuerySet(RecordQuerySet["Inspection"]):
    def for_user(self, user: User) -> "InspectionQuerySet":
        """Returns the inspections that exist for this person: none of an organ that they belong to, from its proposal
        to its end. What that organ is told is a record of its own (`Conclusion`)."""
        found = super().for_user(user)
        return found.exclude(visits_one_of(user)) if user.kind == Kind.OFFICIAL else found

    def visible_condition(self, user: User) -> Q:
        posts = position_of(user).posts
        team = TeamMember.objects.filter(post__in=posts, recused_at=None, inspection=models.OuterRef("pk"))
        return super().visible_condition(user) | Q(approver__in=posts) | Q(models.Exists(team))


def visits_one_of(user: User) -> models.Exists:
    """Builds the condition for inspections that visit an organ of this person, or one above it."""
    above = position_of(user).above
    return models.Exists(VisitedOrgan.objects.filter(organ__in=above, inspection=models.OuterRef("pk")))


class Inspection(Record):
    """One inspection (督查活动). Days are Shanghai's, the last one included.

    It needs an item of the year's approved plan, or the post that approves this one (一事一报). `organ` and `office`
    are the inspection office; the handler is the head of the team.
    """

    KIND, PREFIX, DUTY = "inspection", "DH", INSPECTION_OFFICE
    JOINED = ("organ", "office__region", "handler__organ", "approver__organ", "plan_item__plan", "merged_with")

    state = models.CharField(max_length=16, choices=InspectionState, default=InspectionState.PROPOSED)
    title = LineColumn(max_length=100)
    aim = models.TextField()
    """What is to be found out."""
    type = models.CharField(max_length=16, choices=InspectionType)
    track = models.CharField(max_length=12, choices=Track)
    announced = models.BooleanField()
    """Whether the organs are told beforehand; if not, it is an unannounced visit (暗访)."""
    plan_item = models.ForeignKey(PlanItem, models.PROTECT, null=True, related_name="inspections")
    approver = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    scope = models.CharField(max_length=4)
    """The first four digits of its class: what counts as the same matter."""
    merged_with = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    """The inspection that it goes along with (合并督查)."""
    exclusive = models.BooleanField(default=True)
    """Whether its days exclude others of the same organ and matter: unless it is merged or dropped."""
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    salt = SaltField()

    objects = InspectionQuerySet.as_manager()
    audit = Columns(personal=("title", "aim"))
    OWN_ROLES: ClassVar = frozenset({InspectionRole.APPROVER, InspectionRole.TEAM})

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=InspectionState.values), name="inspection_state"),
            models.CheckConstraint(condition=Q(type__in=InspectionType.values), name="inspection_type"),
            models.CheckConstraint(condition=Q(track__in=Track.values), name="inspection_track"),
            models.CheckConstraint(
                condition=Q(plan_item=None, approver__isnull=False) | Q(plan_item__isnull=False, approver=None),
                name="inspection_planned_or_approved_alone",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="inspection_days"),
            models.CheckConstraint(
                condition=Q(handler__isnull=False, office__isnull=False), name="inspection_has_a_head"
            ),
        ]

    @property
    def in_hand(self) -> bool:
        return self.state in (InspectionState.GOING, InspectionState.APPROVED)

    @cached_property
    def recused(self) -> frozenset[int]:
        """The people of the organs that it visits: never a link of its chain, never told of it."""
        return visited_people([self.pk])[self.pk]

    def chain_subject(self) -> ChainSubject:
        return replace(super().chain_subject(), recused=self.recused)

    def approving_chain_subject(self) -> ChainSubject:
        """Returns the work of who approves it."""
        if self.approver is not None:
            return ChainSubject(self.approver.organ_id, post=self.approver.pk, recused=self.recused)
        head = Post.objects.filter(organ=self.office_id, is_top=True).values_list("pk", flat=True).first()
        return replace(self.chain_subject(), post=head, in_hand=False)

    def chiefs_chain_subject(self) -> ChainSubject:
        """Returns the work of the organ above the office: to decide what is proposed of an organ."""
        assert self.office is not None
        return ChainSubject(self.office.parent_id or self.office.pk, recused=self.recused)

    # --- Who is what to it --------------------------------------------------------------------------------------------
    @cached_property
    def team_posts(self) -> frozenset[int]:
        return frozenset(one.post_id for one in self.members.all() if one.recused_at is None)

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        assert self.office is not None
        heads = held.is_top and held.organ == self.office_id
        said = {
            InspectionRole.HEAD: heads,
            InspectionRole.CHIEF: held.is_top and held.organ == self.office.parent_id,
            InspectionRole.APPROVER: held.post == self.approver_id if self.approver_id else heads,
            InspectionRole.TEAM: held.post in self.team_posts,
        }
        return super().roles_in(held) | {role for role, holds in said.items() if holds}

    def _exists_through(self, held: HeldPost, where: Any) -> bool:
        return bool(self.roles_in(held) & self.OWN_ROLES) or super()._exists_through(held, where)

    # --- Who is told --------------------------------------------------------------------------------------------------
    def team(self) -> Iterable[tuple[int, int | None]]:
        held = Appointment.objects.answering(today()).filter(post__in=self.team_posts)
        return list(held.values_list("user", "post"))

    def approvers(self) -> Iterable[tuple[int, int | None]]:
        held = Appointment.objects.answering(today())
        mine = held.filter(post=self.approver_id) if self.approver_id else held.filter(self._tops(self.office_id))
        return list(mine.values_list("user", "post"))

    def chiefs(self) -> Iterable[tuple[int, int | None]]:
        assert self.office is not None
        held = Appointment.objects.answering(today()).filter(self._tops(self.office.parent_id))
        return list(held.values_list("user", "post"))

    def inspectors(self) -> Iterable[tuple[int, int | None]]:
        assert self.office_id is not None
        return office_people(self.office_id, today())

    @staticmethod
    def _tops(organ: int | None) -> Q:
        return Q(post__organ=organ, post__is_top=True)


def visited_people(inspections: Collection[int]) -> dict[int, frozenset[int]]:
    """Returns the people of the organs that these inspections visit, and of the organs below; in one statement."""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(VISITED_PEOPLE, {"inspections": list(inspections), "day": today()})
        for inspection, user in cursor.fetchall():
            found[inspection].add(user)
    return {pk: frozenset(found[pk]) for pk in inspections}


class TeamMember(models.Model):
    """A post in the team (督查组). An inspection has two that are not recused, or more (a trigger refuses fewer)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="members", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recused_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why the member is recused (回避)."""
    salt = SaltField()

    audit = Columns(personal=("reason",))

    class Meta:
        ordering = ("inspection", "pk")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "post"], name="team_member_once"),
            models.CheckConstraint(
                condition=Q(recused_at__isnull=False) | Q(recused_at=None, reason=""), name="recusal_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return str(self.post)


class Outcome(models.TextChoices):
    """What is proposed of an organ after its conclusion (Art. 21)."""

    PRAISE = "praise", _("表扬激励")
    LIABILITY = "liability", _("追究责任的建议")


class Approval(models.TextChoices):
    WAITING = "waiting", _("待批准")
    YES = "yes", _("已批准")
    NO = "no", _("未批准")


class VisitedManager(models.Manager["VisitedOrgan"]):
    """Reads each visited organ with the number and the state of what it was told (`Conclusion`); both null before."""

    def get_queryset(self) -> models.QuerySet["VisitedOrgan"]:
        told = apps.get_model("inspection", "Conclusion")._default_manager.filter(
            inspection=models.OuterRef("inspection"), organ=models.OuterRef("organ")
        )
        number, state = (models.Subquery(told.values(column)) for column in ("number", "state"))
        return super().get_queryset().annotate(told_number=number, told_state=state)


class VisitedOrgan(models.Model):
    """One organ that an inspection visits (督查对象). Its days and its matter are the inspection's: a foreign key keeps
    them the same, so that two inspections of one organ and one matter never overlap (Art. 15)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="visited", db_index=False)
    item = models.PositiveSmallIntegerField()
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    scope = models.CharField(max_length=4)
    exclusive = models.BooleanField()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    approval = models.CharField(max_length=8, choices=Approval, blank=True)

    objects = VisitedManager()
    audit = Columns()

    class Meta:
        ordering = ("inspection", "item")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="visited_item_once"),
            models.UniqueConstraint(fields=["inspection", "organ"], name="visited_once"),
            models.CheckConstraint(condition=Q(item__range=(1, MAX_OBJECTS)), name="visited_item"),
            models.CheckConstraint(
                condition=Q(outcome="", approval="") | Q(outcome__in=Outcome.values, approval__in=Approval.values),
                name="visited_outcome",
            ),
            ExclusionConstraint(
                name="no_repeated_inspection",
                expressions=[
                    ("organ", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    (
                        DateRange("first_day", "last_day", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(exclusive=True),
            ),
        ]

    def __str__(self) -> str:
        return self.organ.called


class Found(models.TextChoices):
    FINE = "fine", _("没有发现问题")
    PROBLEM = "problem", _("发现问题")
    UNCLEAR = "unclear", _("没有查清")


class Check(models.Model):
    """One line of the checklist: what to ask or to look at, and what was found."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="checks", db_index=False)
    item = models.PositiveSmallIntegerField()
    question = LineColumn(max_length=200)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+", db_index=False)
    """The organ that it is asked of; none where it is asked of all."""
    found = models.CharField(max_length=8, choices=Found, blank=True)
    finding = models.TextField(blank=True)
    found_at = models.DateTimeField(null=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    salt = SaltField()

    audit = Columns(personal=("question", "finding"))

    class Meta:
        ordering = ("inspection", "item")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="check_once"),
            models.CheckConstraint(condition=Q(item__range=(1, MAX_CHECKS)), name="check_item"),
            models.CheckConstraint(
                condition=Q(found="", finding="", found_at=None, found_by=None)
                | Q(found__in=Found.values, found_at__isnull=False, found_by__isnull=False),
                name="check_found_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} {self.item}"
