"""Derives a deadline day by day (推算过程): whether each day counted, and why, in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from massline.languages import reads_english
from massline.time import local_day, local_time, long_form
from responsibility.calendar import Calendar, Kind
from responsibility.deadlines import DAY, Due, ordered_day
from responsibility.rule_files import Unit, numeral


class Why(StrEnum):
    """Why a day counted or did not."""

    START_DAY = "start_day"
    ORDERED_DAY = "ordered_day"
    DAY = "day"
    WORKDAY = "workday"
    MAKEUP = "makeup_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    LAST_DAY = "last_day"
    LAST_MAKEUP = "last_makeup_workday"
    LAST_WEEKEND = "last_weekend"
    LAST_HOLIDAY = "last_holiday"
    ROLLED_WEEKEND = "rolled_weekend"
    ROLLED_HOLIDAY = "rolled_holiday"
    ROLLED = "rolled"
    ROLLED_MAKEUP = "rolled_makeup_workday"
    HOURS_FROM = "hours_from"
    HOURS_UNTIL = "hours_until"


SENTENCES = {
    Why.START_DAY: gettext_lazy("起算当日不计入期限"),
    Why.ORDERED_DAY: gettext_lazy("所定的日期，当日不计入，由此往前数"),
    Why.DAY: gettext_lazy("第 %(number)s 日"),
    Why.WORKDAY: gettext_lazy("第 %(number)s 个工作日"),
    Why.MAKEUP: gettext_lazy("调休上班（%(name)s），第 %(number)s 个工作日"),
    Why.WEEKEND: gettext_lazy("%(weekday)s，不计入"),
    Why.HOLIDAY: gettext_lazy("%(name)s放假，不计入"),
    Why.PAUSED: gettext_lazy("期限中止，不计入"),
    Why.LAST_DAY: gettext_lazy("%(reached)s，期限届满，当日 24 时截止"),
    Why.LAST_MAKEUP: gettext_lazy("%(reached)s，期限届满；当日为调休上班日（%(name)s），不顺延，24 时截止"),
    Why.LAST_WEEKEND: gettext_lazy("%(reached)s，期限届满；当日为%(weekday)s，顺延"),
    Why.LAST_HOLIDAY: gettext_lazy("%(reached)s，期限届满；当日%(name)s放假，顺延"),
    Why.ROLLED_WEEKEND: gettext_lazy("%(weekday)s，继续顺延"),
    Why.ROLLED_HOLIDAY: gettext_lazy("%(name)s放假，继续顺延"),
    Why.ROLLED: gettext_lazy("休息日后的第一个工作日，顺延至当日 24 时截止"),
    Why.ROLLED_MAKEUP: gettext_lazy("调休上班（%(name)s），顺延至当日 24 时截止"),
    Why.HOURS_FROM: gettext_lazy("自 %(time)s 起算 %(number)s 小时"),
    Why.HOURS_UNTIL: gettext_lazy("%(time)s 截止"),
}

LAST_BY_KIND = {
    Kind.WORKDAY: Why.LAST_DAY,
    Kind.MAKEUP: Why.LAST_MAKEUP,
    Kind.WEEKEND: Why.LAST_WEEKEND,
    Kind.HOLIDAY: Why.LAST_HOLIDAY,
}
LAST = frozenset(LAST_BY_KIND.values())

WEEKDAYS = (
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
    gettext_lazy("星期六"),
    gettext_lazy("星期日"),
)

HOLIDAY_NAMES = {
    "元旦": gettext_lazy("元旦"),
    "春节": gettext_lazy("春节"),
    "清明节": gettext_lazy("清明节"),
    "劳动节": gettext_lazy("劳动节"),
    "端午节": gettext_lazy("端午节"),
    "中秋节": gettext_lazy("中秋节"),
    "国庆节": gettext_lazy("国庆节"),
    "中秋节、国庆节": gettext_lazy("中秋节、国庆节"),
    "国庆节、中秋节": gettext_lazy("国庆节、中秋节"),
    "抗日战争暨世界反法西斯战争胜利70周年纪念日": gettext_lazy("抗日战争暨世界反法西斯战争胜利70周年纪念日"),
}


@dataclass(frozen=True)
class Step:
    """One day of the derivation."""

    date: date
    counted: bool
    why: Why
    name: str = ""
    """The holiday that the day belongs to."""
    number: int = 0
    """The how-manieth counted day (or how many hours)."""
    guessed: bool = False
    """Whether it is a day off decided the result, and its year's arrangement is not loaded."""
    extended: bool = False
    """It counts towards an extension."""
    at: datetime | None = None
    whole: Due | None = None
    """The period that it ends, where that was not counted day by day."""


def derivation(due: Due) -> tuple[Step, ...]:
    """Returns every day of the derivation, from the day of the event to the last; nothing for "as ordered"."""
    if due.amount is None:
        return ()
    if due.rule.before:
        return tuple(_back(due))
    if due.rule.unit == "h":
        return tuple(_by_hours(due))
    return tuple(_by_days(due))


def sentence(step: Step) -> str:
    """Says why a day counted or not, for the reader."""
    facts = {
        "reached": _reached(step) if step.why in LAST else "",
        "number": step.number,
        "name": HOLIDAY_NAMES.get(step.name, step.name),
        "weekday": WEEKDAYS[step.date.weekday()],
        "time": formats.date_format(step.at, "H:i") if step.at else "",
    }
    text = str(SENTENCES[step.why]) % facts
    if step.extended:
        text = _("%(text)s（延期）") % {"text": text}
    if step.guessed:
        text = _("%(text)s（当年放假安排尚未收录，暂按固定规则推算）") % {"text": text}
    return text


def _reached(step: Step) -> str:
    """Says which day it is: the fifteenth, three months later, the one that was ordered."""
    if step.whole is None:
        return str(SENTENCES[Why.DAY]) % {"number": step.number}
    rule, since = step.whole.rule, local_day(step.whole.start)
    if rule.unit == "date":
        return _("规定的日期") if rule.day else _("要求完成的日期")
    facts = {
        "number": _number(step.number, rule.unit),
        "from": long_form(since),
        "to": long_form(step.date),
    }
    text = _span(step, rule.unit) % facts
    if step.date.day != since.day:
        text = _("%(text)s（当月没有 %(day)s 日，以月末为准）") % {"text": text, "day": since.day}
    return text


def _number(number: int, unit: Unit) -> str:
    """Says a number of units: 三个月, 两个月; digits in English."""
    if reads_english():
        return str(number)
    return "两" if (number, unit) == (2, "month") else numeral(number)


def _span(step: Step, unit: Unit) -> str:
    if unit == "month":
        return ngettext("自%(from)s起%(number)s个月，至%(to)s", "自%(from)s起%(number)s个月，至%(to)s", step.number)
    return ngettext("自%(from)s起%(number)s年，至%(to)s", "自%(from)s起%(number)s年，至%(to)s", step.number)


def _by_hours(due: Due) -> Iterator[Step]:
    for moment, why, counted in (
        (due.opened_at, Why.HOURS_FROM, False),
        (due.strict_at, Why.HOURS_UNTIL, True),
    ):
        if moment is not None:
            shown = local_time(moment)
            yield Step(shown.date(), counted, why, number=due.amount or 0, at=shown)


def _by_days(due: Due) -> Iterator[Step]:
    calendar = due.calendar
    strict, legal = local_day(due.due_strict or due.start), local_day(due.due_legal or due.start)
    day = local_day(due.start)
    yield Step(day, False, Why.START_DAY)
    number = 0
    if due.rule.unit in ("month", "year", "date"):
        day = strict
        yield _at_once(due, day)
    while day < strict:
        day += DAY
        step = _period_day(due, day, number + 1, last=day == strict)
        number += step.counted
        yield step
    while day < legal:
        day += DAY
        yield Step(day, False, _rolled(calendar, day), calendar.name(day), guessed=not calendar.is_loaded(day))


def _back(due: Due) -> Iterator[Step]:
    """Derives from the day that was ordered back to the last day of the period."""
    strict, day = local_day(due.due_strict or due.start), ordered_day(due)
    yield Step(local_day(due.start), False, Why.START_DAY)
    yield Step(day, False, Why.ORDERED_DAY)
    number = 0
    while day > strict:
        day -= DAY
        step = _working_day(due, day, number + 1)
        number += step.counted
        yield step


def _at_once(due: Due, day: date) -> Step:
    """Returns the last day of a period that is not counted day by day."""
    calendar, rule = due.calendar, due.rule
    return Step(
        day,
        True,
        LAST_BY_KIND[calendar.kind(day)] if rule.rolls else Why.LAST_DAY,
        calendar.name(day),
        (due.amount or 0) + due.extended,
        guessed=rule.rolls and not calendar.is_loaded(day),
        extended=due.extended > 0,
        whole=due,
    )


def _period_day(due: Due, day: date, number: int, *, last: bool) -> Step:
    """Returns a day of the period: the next counted one unless it is off or the period stood still."""
    calendar = due.calendar
    kind, name = calendar.kind(day), calendar.name(day)
    extended = number > (due.amount or 0)
    if day in due.paused:
        return Step(day, False, Why.PAUSED)
    if due.rule.unit == "wd":
        step = _working_day(due, day, number)
        return replace(step, extended=extended and step.counted)
    if not last:
        return Step(day, True, Why.DAY, number=number, extended=extended)
    why = LAST_BY_KIND[kind] if due.rule.rolls else Why.LAST_DAY
    return Step(day, True, why, name, number, guessed=due.rule.rolls and not calendar.is_loaded(day), extended=extended)


def _working_day(due: Due, day: date, number: int) -> Step:
    """Returns a day of a period of working days, which counts when it is one."""
    kind = due.calendar.kind(day)
    why = {
        Kind.WORKDAY: Why.WORKDAY,
        Kind.MAKEUP: Why.MAKEUP,
        Kind.WEEKEND: Why.WEEKEND,
        Kind.HOLIDAY: Why.HOLIDAY,
    }[kind]
    counted = kind in (Kind.WORKDAY, Kind.MAKEUP)
    guessed = not due.calendar.is_loaded(day)
    return Step(day, counted, why, due.calendar.name(day), number if counted else 0, guessed)


def _rolled(calendar: Calendar, day: date) -> Why:
    return {
        Kind.WORKDAY: Why.ROLLED,
        Kind.MAKEUP: Why.ROLLED_MAKEUP,
        Kind.WEEKEND: Why.ROLLED_WEEKEND,
        Kind.HOLIDAY: Why.ROLLED_HOLIDAY,
    }[calendar.kind(day)]
