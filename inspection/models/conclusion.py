"""Conclusions (督查结论): what one visited organ is told of an inspection, its objection and the decision."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.columns import Columns, SaltField
from inspection.duties import INSPECTION_OFFICE
from inspection.models.inspection import Inspection, TeamMember
from massline.texts import LineColumn
from massline.time import today
from records.models import Record, RecordQuerySet
from responsibility import obligations
from responsibility.people import HeldPost, office_people, position_of, receiving_post
from responsibility.subjects import ChainSubject

TO_OBJECT = "DC01"


class ConclusionState(models.TextChoices):
    ANNOUNCED = "announced", _("已通知，待督查")
    SERVED = "served", _("结论已送达")
    OBJECTED = "objected", _("复核中")
    DECIDED = "decided", _("复核已决定")
    SETTLED = "settled", _("结论生效")
    CANCELLED = "cancelled", _("督查取消")


NOT_SERVED = (None, ConclusionState.ANNOUNCED)
"""The states of what a visited organ was told before its conclusion; none where it was told nothing."""
SETTLED = frozenset({ConclusionState.DECIDED, ConclusionState.SETTLED, ConclusionState.CANCELLED})


class RecheckDecision(models.TextChoices):
    """What a recheck (复核) comes to."""

    UPHELD = "upheld", _("维持结论")
    CHANGED = "changed", _("变更结论")


class ConclusionRole(StrEnum):
    HEAD = "head"
    """Top of the inspection office."""
    TEAM = "team"
    """In a post of the team that concluded."""
    CONCLUDER = "concluder"
    """Head of that team."""


class ConclusionQuerySet(RecordQuerySet["Conclusion"]):
    def visible_condition(self, user: User) -> Q:
        team = TeamMember.objects.filter(
            post__in=position_of(user).posts, recused_at=None, inspection=models.OuterRef("inspection")
        )
        return super().visible_condition(user) | Q(models.Exists(team))


class Conclusion(Record):
    """What an inspection tells one organ: that it comes, where it is announced; and what it concludes.

    `organ` is the visited one, `office` the inspection office. The visited organ reads this and never the inspection.
    """

    KIND, PREFIX, DUTY = "conclusion", "DL", INSPECTION_OFFICE
    JOINED = ("organ", "office", "handler__organ", "inspection")

    state = models.CharField(max_length=16, choices=ConclusionState, default=ConclusionState.ANNOUNCED)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="conclusions", db_index=False)
    title = LineColumn(max_length=100)
    text = models.TextField(blank=True)
    served_at = models.DateTimeField(null=True)
    """When it was served: from then the thirty days for an objection run."""
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decision = models.CharField(max_length=8, choices=RecheckDecision, blank=True)
    salt = SaltField()

    objects = ConclusionQuerySet.as_manager()
    audit = Columns(personal=("title", "text"))
    OWN_ROLES: ClassVar = frozenset({ConclusionRole.TEAM})

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=ConclusionState.values), name="conclusion_state"),
            models.CheckConstraint(
                condition=Q(state__in=["announced", "cancelled"], served_at=None, concluded_by=None)
                | Q(served_at__isnull=False, concluded_by__isnull=False) & ~Q(state__in=["announced", "cancelled"]),
                name="conclusion_served",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decision__in=RecheckDecision.values)
                | ~Q(state="decided") & Q(decision=""),
                name="conclusion_decision",
            ),
            models.UniqueConstraint(fields=["inspection", "organ"], name="one_conclusion_an_organ"),
        ]

    def objection_ends(self) -> datetime | None:
        """Returns the end of the thirty days in which the visited organ may object (Art. 17)."""
        return obligations.due_under(TO_OBJECT, self.served_at).due_at if self.served_at else None

    def office_chain_subject(self) -> ChainSubject:
        """Returns the inspection office's own work: to decide about an objection."""
        assert self.office_id is not None
        return ChainSubject(self.office_id, self.category, post=receiving_post(self.office_id))

    # --- Who is what to it --------------------------------------------------------------------------------------------
    @cached_property
    def team_posts(self) -> frozenset[int]:
        members = TeamMember.objects.filter(inspection=self.inspection_id)
        return frozenset(members.values_list("post", flat=True))

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        said = {
            ConclusionRole.HEAD: held.organ == self.office_id and held.is_top,
            ConclusionRole.TEAM: held.post in self.team_posts,
            ConclusionRole.CONCLUDER: held.post == self.inspection.handler_id,
        }
        return super().roles_in(held) | {role for role, holds in said.items() if holds}

    def _exists_through(self, held: HeldPost, where: Any) -> bool:
        return bool(self.roles_in(held) & self.OWN_ROLES) or super()._exists_through(held, where)

    # --- Who is told --------------------------------------------------------------------------------------------------
    def visited_people(self) -> Iterable[tuple[int, int | None]]:
        return office_people(self.organ_id, today())

    def inspectors(self) -> Iterable[tuple[int, int | None]]:
        assert self.office_id is not None
        return office_people(self.office_id, today())
