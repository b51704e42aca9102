"""The indicators of petition work. Every figure counts a list that can be opened.

The 30 days from registration that DOMAIN 3.3 gives for 责任单位及时受理率 are here two periods one after the other, and
each organ answers for its own.
"""

from typing import Any

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from citizens.models import Rating
from petitions.models import OPEN, Demand, RatedObject
from records.figures.cohorts import done, timely
from records.figures.indicators import Cohort, FigureSet, Indicator, Opinion
from records.figures.periods import Period
from responsibility.models import Obligation

ANSWERS = ("XF06", "XF14")


class Satisfaction(models.TextChoices):
    """The levels of satisfaction (满意度评价), best first."""

    SATISFIED = "satisfied", _("满意")
    BASICALLY = "basically", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class Turnout(models.TextChoices):
    """Whether a petitioner rated (参评); the petitions that could be rated (应评价) are the whole cohort."""

    RATED = "rated", _("已评价")
    UNRATED = "unrated", _("未评价")


SCORES = {Satisfaction.SATISFIED: (4, 5), Satisfaction.BASICALLY: (3,), Satisfaction.DISSATISFIED: (1, 2)}
"""The five levels of 好差评 by the three levels of 满意度评价."""


def _ratings(side: RatedObject, period: Period) -> QuerySet[Rating]:
    """Selects the ratings of the period for one rated object (DOMAIN 3.2)."""
    levels = (When(score__in=scores, then=Value(level)) for level, scores in SCORES.items())
    rated = Rating.objects.filter(period.happened("rated_at"), subject_kind=Demand.KIND, object=side)
    return rated.annotate(result=Case(*levels, output_field=CharField()))


def answered(period: Period) -> QuerySet[Obligation]:
    """Selects the handling opinions given in the period."""
    return done(Demand.KIND, *ANSWERS).filter(period.happened("closed_at"))


def _asked(side: RatedObject, period: Period) -> QuerySet[Obligation]:
    """Selects the answers of the period as those that could be rated (应评价): no length of the rating window is
    published."""
    rated = Rating.objects.filter(subject_kind=Demand.KIND, subject_id=OuterRef("subject_id"), object=side)
    turnout = When(Exists(rated), then=Value(Turnout.RATED))
    return answered(period).annotate(result=Case(turnout, default=Value(Turnout.UNRATED), output_field=CharField()))


def _satisfaction(side: RatedObject, name: str, label: Any) -> Indicator:
    return Indicator(
        name,
        label,
        basis=_("满意度评价"),
        numerator=_("满意和基本满意"),
        denominator=_("统计期内的全部评价"),
        cohort=Cohort(lambda period, now: _ratings(side, period), record="subject_id"),
        part=(Satisfaction.SATISFIED, Satisfaction.BASICALLY),
        whole=tuple(Satisfaction),
    )


def _turnout(side: RatedObject, name: str, label: Any) -> Indicator:
    return Indicator(
        name,
        label,
        basis=_("满意度评价"),
        numerator=_("已经评价"),
        denominator=_("统计期内作出处理意见的全部事项"),
        cohort=Cohort(lambda period, now: _asked(side, period)),
        part=(Turnout.RATED,),
        whole=tuple(Turnout),
    )


ROUTED = timely(
    "routed",
    _("信访部门及时受理率"),
    Demand.KIND,
    "XF01",
    basis=_("《信访工作条例》第二十二条"),
    numerator=_("收到后十五日内登记并转送、交办或者受理"),
)
ACCEPTED = timely(
    "accepted",
    _("责任单位及时受理率"),
    Demand.KIND,
    "XF02",
    "XF03",
    basis=_("《信访工作条例》第二十三条"),
    numerator=_("收到转送、交办后十五日内告知受理"),
)
ANSWERED = timely(
    "answered",
    _("按期办结率"),
    Demand.KIND,
    *ANSWERS,
    basis=_("《信访工作条例》第三十四条"),
    numerator=_("受理后六十日内作出处理意见，经批准延期的至延期届满"),
)
OF_OFFICE = Opinion(
    _("信访部门"),
    _satisfaction(RatedObject.PETITION_OFFICE, "rated_office", _("对信访部门的满意率")),
    _turnout(RatedObject.PETITION_OFFICE, "asked_office", _("对信访部门的参评率")),
)
OF_ORGAN = Opinion(
    _("责任单位"),
    _satisfaction(RatedObject.ORGAN, "rated_organ", _("对责任单位的满意率")),
    _turnout(RatedObject.ORGAN, "asked_organ", _("对责任单位的参评率")),
)
FIGURES = FigureSet(
    model=Demand,
    open=OPEN,
    timely=(ROUTED, ACCEPTED, ANSWERED),
    main=ANSWERED,
    opinions=(OF_OFFICE, OF_ORGAN),
    persons="petition__persons",
    caption=_("按到期日统计的及时受理率和按期办结率"),
    trend=_("近十二周按期办结情况"),
)
