"""Cohorts of obligations, for figures of any kind. They are read from obligations, never from the dates of a form."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from records.figures.indicators import Cohort, Indicator
from records.figures.periods import Period
from responsibility.models import Obligation, Outcome


class DueResult(models.TextChoices):
    """How an obligation that fell due came out. 到期 is the whole cohort and needs no result."""

    ON_TIME = "on_time", _("按期")
    LATE = "late", _("超期办理")
    PENDING = "pending", _("未到期未办")
    OVERDUE = "overdue", _("超期未办")


DUE = (DueResult.ON_TIME, DueResult.LATE, DueResult.OVERDUE, DueResult.PENDING)
"""按期 ÷ (按期 + 超期 + 未答复 + 超期未答复)."""
DONE = (Outcome.MET, Outcome.LATE)


def timely(name: str, label: Any, kind: str, *rules: str, basis: Any, numerator: Any) -> Indicator:
    """Declares the indicator of what was done on time of what fell due under these rules of a kind (DOMAIN 3.3)."""
    return Indicator(
        name,
        label,
        basis=basis,
        numerator=numerator,
        denominator=_("统计期内到期的全部事项"),
        cohort=Cohort(lambda period, now: _due(kind, rules, period, now)),
        part=(DueResult.ON_TIME,),
        whole=DUE,
    )


def done(kind: str, *rules: str) -> QuerySet[Obligation]:
    """Declares the cohort of what was done."""
    return _last(kind, rules).filter(outcome__in=DONE)


def _due(kind: str, rules: tuple[str, ...], period: Period, now: datetime) -> QuerySet[Obligation]:
    """What a withdrawal released before it was due was never owed; what was released after its breach stays, since a
    breach stays. An extension moves an item to the cohort of its new date."""
    result = Case(
        When(outcome=Outcome.MET, then=Value(DueResult.ON_TIME)),
        When(outcome=Outcome.LATE, then=Value(DueResult.LATE)),
        When(Q(breached_at__isnull=False) | Q(due_at__lte=now), then=Value(DueResult.OVERDUE)),
        default=Value(DueResult.PENDING),
        output_field=CharField(),
    )
    due = _last(kind, rules).filter(period.due()).exclude(outcome=Outcome.RELEASED, breached_at=None)
    return due.annotate(result=result)


def _last(kind: str, rules: tuple[str, ...]) -> QuerySet[Obligation]:
    """Of each record, and of each of its items, the last that was opened under these rules: what was handed back and
    opened anew counts once."""
    under = Obligation.objects.filter(subject_kind=kind, rule__in=rules)
    later = under.filter(subject_id=OuterRef("subject_id"), item=OuterRef("item"), pk__gt=OuterRef("pk"))
    return under.filter(~Exists(later))
