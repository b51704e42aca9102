"""Errands with figures of their own: what was run in time, and how many are run at all."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Case, CharField, QuerySet, Value, When

from accounts.models import User
from massline.time import end_of_day, official_day
from records.figures.bulletin import Bulletin, Paper, Rates, Summary, Table, Trend, bar, percent
from records.figures.cohorts import timely
from records.figures.filter import CohortFilter
from records.figures.indicators import Cohort, FigureSet, Indicator, Share
from records.figures.overview import results, trend
from records.figures.periods import Period, weeks_until
from tests.kinds.lab import ERRANDS
from tests.kinds.models import Errand

RULE = "XF03"
"""Fifteen days."""


class Errands(models.TextChoices):
    """How far all errands are, whenever they were due."""

    RUN = "run", "已经跑完"
    WAITING = "waiting", "还没跑"


def _errands(period: Period, now: datetime) -> QuerySet[Errand]:
    run = When(state="done", then=Value(Errands.RUN))
    return Errand.objects.annotate(result=Case(run, default=Value(Errands.WAITING), output_field=CharField()))


IN_TIME = timely("in_time", "按期跑完率", Errand.KIND, RULE, basis="跑腿规矩", numerator="十五日内跑完")
FINISHED = Indicator(
    "finished",
    "跑完率",
    basis="跑腿规矩",
    numerator="已经跑完",
    denominator="全部跑腿",
    cohort=Cohort(_errands, record="pk"),
    part=(Errands.RUN,),
    whole=tuple(Errands),
)
FIGURES = FigureSet(
    model=Errand,
    open=frozenset({"open"}),
    timely=(IN_TIME,),
    main=IN_TIME,
    others=(FINISHED,),
    caption="按到期日统计的跑腿",
    trend="近十二周跑腿情况",
)


class CountedFilter(CohortFilter):
    figures = FIGURES

    class Meta:
        model = Errand
        fields = ("organ",)


def _week(user: User, period: Period, now: datetime) -> dict[str, Any]:
    seen = Errand.objects.for_user(user)
    share = IN_TIME.share(results(IN_TIME.cohort, period, period.until, seen))
    weeks = trend(FIGURES, seen, weeks_until(period.last), period.until)
    return {
        "as_of": now.isoformat(),
        "last": period.last.isoformat(),
        "part": share.part,
        "whole": share.whole,
        "trend": [{"first": w["first"], **_numbers(w)} for w in weeks],
    }


def _numbers(week: dict[str, Any]) -> dict[str, int]:
    share = IN_TIME.share(week)
    return {"part": share.part, "whole": share.whole}


def _paper(found: dict[str, Any]) -> Paper:
    share = Share(found["part"], found["whole"])
    line = ["按期跑完", str(share.part), str(share.whole), percent(share)]
    return Paper(
        title="跑腿周报",
        made_at=end_of_day(date.fromisoformat(found["last"])),
        issue="一期",
        issuer="跑腿处",
        made=official_day(date.fromisoformat(found["last"])),
        summary=Summary("一、总体情况", [f"当周到期{share.whole}件，按期跑完{share.part}件。"]),
        rates=Rates(["指标", "按期", "到期", "比率"], [line]),
        trend=Trend("二、趋势", [bar(line) for line in found["trend"]], "每周到期件数"),
        tables=[Table("三、其他", ["事由"], [1], [], "没有。", 1)],
        note="说明：无。",
    )


COUNTED = replace(
    ERRANDS,
    figures=FIGURES,
    listing=replace(ERRANDS.listing, filters=CountedFilter),
    bulletin=Bulletin("跑腿周报", "ptzb", _week, _paper),
)
"""Errands, counted."""
