"""The figures of tasks. Every figure counts a list that can be opened."""

from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from inspection.acts.base import TO_ANSWER, TO_COMPLETE, TO_REACH, TO_VERIFY
from inspection.models import OPEN, Task
from records.figures.cohorts import DONE, timely
from records.figures.filter import CohortFilter
from records.figures.indicators import Cohort, FigureSet, Indicator
from records.figures.periods import Period
from responsibility.models import Obligation


class Dates(models.TextChoices):
    """Whether the ordered day still stands."""

    KEPT = "kept", _("时限未改")
    MOVED = "moved", _("延过期")


class Attempt(models.TextChoices):
    """Whether what was written off had been verified the first time that it was reported."""

    FIRST = "first", _("一次核实通过")
    AGAIN = "again", _("退回或者重办以后核实")


class Lasting(models.TextChoices):
    """Whether what was written off stayed so."""

    LASTED = "lasted", _("没有重新办理")
    REOPENED = "reopened", _("销号后重新办理")


def _written_off(period: Period) -> QuerySet[Obligation]:
    """Selects what was verified and written off in the period; of a task the first time in it."""
    done = Obligation.objects.filter(subject_kind=Task.KIND, rule=TO_VERIFY, outcome__in=DONE)
    done = done.filter(period.happened("closed_at"))
    return done.filter(~Exists(done.filter(subject_id=OuterRef("subject_id"), pk__lt=OuterRef("pk"))))


def _attempts(period: Period, now: object) -> QuerySet[Obligation]:
    """Each report opens a verification of its own: one that has another before it was not the first."""
    before = Obligation.objects.filter(
        subject_kind=Task.KIND, rule=TO_VERIFY, subject_id=OuterRef("subject_id"), pk__lt=OuterRef("pk")
    )
    again = When(Exists(before), then=Value(Attempt.AGAIN))
    return _written_off(period).annotate(result=Case(again, default=Value(Attempt.FIRST), output_field=CharField()))


def _lasting(period: Period, now: object) -> QuerySet[Obligation]:
    """What is taken up again is owed again: the obligation to complete it is open, or was ended after the write-off."""
    task = Obligation.objects.filter(subject_kind=Task.KIND, rule=TO_COMPLETE, subject_id=OuterRef("subject_id"))
    owed_again = task.filter(Q(closed_at=None) | Q(closed_at__gt=OuterRef("closed_at")))
    reopened = When(Exists(owed_again), then=Value(Lasting.REOPENED))
    return _written_off(period).annotate(result=Case(reopened, default=Value(Lasting.LASTED), output_field=CharField()))


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
ANSWERED = timely(
    "answered",
    _("协调按期答复率"),
    Task.KIND,
    TO_ANSWER,
    basis=_("被等待的单位限期答复协调事项"),
    numerator=_("被等待的单位按期答复的协调事项"),
)
FIRST = Indicator(
    "first_time",
    _("一次核实通过率"),
    basis=_("另一人核实，没有落实到位的退回"),
    numerator=_("首次报结即核实通过的事项"),
    denominator=_("统计期内核实销号的全部事项"),
    cohort=Cohort(_attempts),
    part=(Attempt.FIRST,),
    whole=tuple(Attempt),
)
REOPENED = Indicator(
    "taken_up_again",
    _("销号后重新办理率"),
    basis=_("反弹的、没有落实的重新办理"),
    numerator=_("后来重新办理的事项"),
    denominator=_("统计期内核实销号的全部事项"),
    cohort=Cohort(_lasting),
    part=(Lasting.REOPENED,),
    whole=tuple(Lasting),
)
FIGURES = FigureSet(
    model=Task,
    open=OPEN,
    timely=(REACHED, ANSWERED),
    main=REACHED,
    others=(KEPT, FIRST, REOPENED),
    caption=_("按到期日统计的督查事项和阶段目标"),
    trend=_("近十二周按期完成情况"),
)


class TaskFilter(CohortFilter):
    figures = FIGURES

    class Meta:
        model = Task
        fields = ("organ",)
