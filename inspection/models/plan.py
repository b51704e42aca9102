"""Year plans of inspection offices (年度督查计划): what they may inspect without asking for each one."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns, SaltField
from inspection.duties import INSPECTION_OFFICE
from massline.texts import LineColumn
from records.models import Record, RecordQuerySet
from responsibility.people import HeldPost
from responsibility.subjects import ChainSubject

MAX_PLANNED = 50


class PlanState(models.TextChoices):
    DRAFT = "draft", _("拟定，待批准")
    APPROVED = "approved", _("已批准")
    DROPPED = "dropped", _("未批准")


class PlanRole(StrEnum):
    CHIEF = "chief"
    """Top of the organ above the inspection office: the head of the government or of the committee."""


class InspectionPlanQuerySet(RecordQuerySet["InspectionPlan"]):
    """(A class of its own, so that mypy finds the manager.)"""


class InspectionPlan(Record):
    """The plan of one inspection office for one year. Once it is approved its items stay as they are."""

    KIND, PREFIX, DUTY = "inspection_plan", "DJ", INSPECTION_OFFICE

    state = models.CharField(max_length=16, choices=PlanState, default=PlanState.DRAFT)
    title = LineColumn(max_length=100)
    year = models.PositiveSmallIntegerField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    salt = SaltField()

    objects = InspectionPlanQuerySet.as_manager()
    audit = Columns(personal=("title",))

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2999)), name="plan_year"),
            models.UniqueConstraint("office", "year", condition=Q(state="approved"), name="one_plan_a_year"),
        ]

    def roles_in(self, held: HeldPost) -> frozenset[str]:
        assert self.office is not None
        chief = held.is_top and held.organ == self.office.parent_id
        return super().roles_in(held) | ({PlanRole.CHIEF} if chief else set())

    def approving_chain_subject(self) -> ChainSubject:
        """Returns the work of the organ above: to approve it."""
        assert self.office is not None
        return ChainSubject(self.office.parent_id or self.office.pk)


class PlanItem(models.Model):
    """One inspection that a year plan foresees."""

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, related_name="items", db_index=False)
    item = models.PositiveSmallIntegerField()
    title = LineColumn(max_length=200)
    salt = SaltField()

    audit: ClassVar = Columns(personal=("title",))

    class Meta:
        ordering = ("plan", "item")
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="plan_item_once"),
            models.CheckConstraint(condition=Q(item__range=(1, MAX_PLANNED)), name="plan_item_number"),
        ]

    def __str__(self) -> str:
        return f"{self.plan.year} {self.item}. {self.title}"
