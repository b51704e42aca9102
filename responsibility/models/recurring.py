"""Recurring duties (经常性职责): what a post owes once in every month, quarter, half or year."""

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.columns import Columns
from audit.context import SYSTEM
from responsibility.models.accountable import Accountable
from responsibility.models.organs import DatedQuerySet, DateRange, Post
from responsibility.subjects import ChainSubject


class PostDuty(models.Model):
    """A recurring duty that a post has from a day to a day: it owes every period that lies whole within these days.

    `rule` names one that says how often it recurs (`every`).
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="duties")
    rule = models.CharField(max_length=8)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["PostDuty"].as_manager()
    audit = Columns()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_duty_of_a_post",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("rule", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="post_duty_dates"),
        ]


class PeriodState(models.TextChoices):
    OWED = "owed", _("待履行")
    FULFILLED = "fulfilled", _("已履行")
    MISSED = "missed", _("未履行")
    RELEASED = "released", _("不再需要")


class DutyPeriodQuerySet(models.QuerySet["DutyPeriod"]):
    def owed(self) -> "DutyPeriodQuerySet":
        return self.filter(state=PeriodState.OWED)

    def around(self, day: date) -> "DutyPeriodQuerySet":
        return self.filter(since__lte=day, until__gt=day)


class DutyPeriod(Accountable):
    """One period of a recurring duty. It can be fulfilled until it ends; what was missed stays missed (a trigger)."""

    KIND = "duty_period"
    JOINED = ("post__organ",)

    number = models.CharField(max_length=24, unique=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    """The post whose duty it is; while it is vacant, another owes it (`Obligation.post`)."""
    rule = models.CharField(max_length=8)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=12, choices=PeriodState, default=PeriodState.OWED)

    objects = DutyPeriodQuerySet.as_manager()
    audit = Columns()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_period_a_duty",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("rule", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="duty_period_dates"),
            models.CheckConstraint(condition=Q(state__in=PeriodState.values), name="duty_period_state"),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(state="owed"), name="duty_period_owed")]

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)

    def chain_subject(self) -> ChainSubject:
        return ChainSubject(self.post.organ_id, post=self.post_id)

    def roles_of(self, actor: Any) -> frozenset[str]:
        """Returns the system's role alone; people fulfil it by acts on other records."""
        return frozenset({"system"} if actor is SYSTEM else ())

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        return set()
