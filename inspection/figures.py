"""The figures of tasks. Every figure counts a list that can be opened."""

from django.db import models
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from inspection.acts.base import TO_COMPLETE, TO_REACH
from inspection.models import OPEN, Task
from records.figures.cohorts import timely
from records.figures.filter import CohortFilter
from records.figures.indicators import Cohort, FigureSet, Indicator
from records.figures.periods import Period


class Dates(models.TextChoices):
    """Whether the ordered day still stands."""

    KEPT = "kept", _("时限未改")
    MOVED = "moved", _("延过期")


def _dates(period: Period, now: object) -> QuerySet[Task]:
    """Selects the tasks whose first ordered day lies in the period."""
    found = Task.objects.filter(first_due_on__range=(period.first, period.last))
    moved = When(due_on__gt=F("first_due_on"), then=Value(Dates.MOVED))
    return found.annotate(result=Case(moved, default=Value(Dates.KEPT), output_field=CharField()))


REACHED = timely(
    "reached",
    _("按期完成率"),
    Task.KIND,
    TO_COMPLETE,
    TO_REACH,
    basis=_("督查事项的时限和阶段目标"),
    numerator=_("在交办的时限内完成的事项和阶段目标"),
)
KEPT = Indicator(
    "kept",
    _("时限未改率"),
    basis=_("谁交办、谁批准延期"),
    numerator=_("没有延期"),
    denominator=_("原定时限在统计期内的全部事项"),
    cohort=Cohort(_dates, record="pk"),
    part=(Dates.KEPT,),
    whole=tuple(Dates),
)
FIGURES = FigureSet(
    model=Task,
    open=OPEN,
    timely=(REACHED,),
    main=REACHED,
    others=(KEPT,),
    caption=_("按到期日统计的督查事项和阶段目标"),
    trend=_("近十二周按期完成情况"),
)


class TaskFilter(CohortFilter):
    figures = FIGURES

    class Meta:
        model = Task
        fields = ("organ",)
