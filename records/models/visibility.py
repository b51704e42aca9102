"""Says which records exist for whom, and the roles that a person may have towards one.

A kind whose posts alone do not say it has a queryset of its own, with another `for_user`; it begins with `super()`, or
excludes what is frozen by `not_frozen` itself.
"""

from datetime import datetime
from enum import StrEnum
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.models import Kind, User
from records.models.frozen import not_frozen
from responsibility.people import position_of

AnyRecord = TypeVar("AnyRecord", bound=models.Model)


class RecordRole(StrEnum):
    """The role of a person towards one record, where its kind has no roles of its own."""

    HANDLER = "handler"
    DEPUTY = "deputy"
    """In charge of its content class in its organ (分管领导)."""
    LEADER = "leader"
    """Top of its organ (主要负责人)."""
    OFFICE = "office"
    """In the organ that is told of every step."""
    READER = "reader"
    """An official for whom it exists."""
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    """Inspectors and auditors are no readers: what they may do, an act says by their own role."""


class RecordQuerySet(models.QuerySet[AnyRecord]):
    def for_user(self, user: User) -> Self:
        """Returns the records that exist for this person: those of their organs and of the organs below, those of the
        office they work in, those that they handle; inspectors and auditors read all."""
        if not user.is_active:
            return self.none()
        there = self.filter(not_frozen(self.model.KIND))  # type: ignore[attr-defined]
        if user.kind in (Kind.INSPECTOR, Kind.AUDITOR):
            return there
        return there.filter(self.visible_condition(user)) if user.kind == Kind.OFFICIAL else self.none()

    def visible_condition(self, user: User) -> Q:
        """Builds the condition for records that exist for an official."""
        where, duty = position_of(user), self.model.DUTY  # type: ignore[attr-defined]
        offices = where.offices(duty) if duty else where.organs
        return Q(organ__in=where.organs | where.below) | Q(office__in=offices) | Q(handler__in=where.posts)

    def overdue(self, now: datetime) -> Self:
        return self.filter(due_at__lte=now)
