"""Months, years and fixed dates: ends by hand, and against a plain walk over the days (民法典 202, 203)."""

from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from responsibility import deadlines
from responsibility.calendar import calendar, shipped
from responsibility.derivation import derivation, sentence
from responsibility.rule_files import Rule
from tests.calendar_lab import arrange
from tests.chain_lab import event

DAY = timedelta(days=1)


def made(unit, value=None, **more):
    more = {"rolls": unit != "date"} | more
    return Rule("TT01", "law", "试办", unit, value, "《测试法》", "V", **more)


def due(unit, value, start, known=None, **more):
    moment = date.fromisoformat(start) if len(start) == 10 else datetime.fromisoformat(start)
    return deadlines.compute(made(unit, value, **more), moment, known or shipped())


# unit, number, start, due_strict, due_legal, provisional
TABLE = [
    ("month", 1, "2025-01-31", "2025-02-28", "2025-02-28", False),
    ("month", 1, "2024-01-31", "2024-02-29", "2024-02-29", False),
    ("month", 2, "2026-03-15", "2026-05-15", "2026-05-15", False),
    ("month", 3, "2023-11-30", "2024-02-29", "2024-02-29", False),
    # The last Saturday of February 2026 makes up for Spring Festival: a working day, so nothing moves.
    ("month", 6, "2025-08-31", "2026-02-28", "2026-02-28", False),
    ("month", 2, "2025-12-31", "2026-02-28", "2026-02-28", False),
    # 1 October begins National Day; work begins on the 8th.
    ("month", 3, "2026-07-01", "2026-10-01", "2026-10-08", False),
    # A Sunday in a year whose arrangement is not published.
    ("month", 6, "2026-08-31", "2027-02-28", "2027-03-01", True),
    ("year", 1, "2024-02-29", "2025-02-28", "2025-02-28", False),
    ("year", 4, "2024-02-29", "2028-02-29", "2028-02-29", True),
    ("year", 1, "2025-05-01", "2026-05-01", "2026-05-06", False),
    ("year", 5, "2020-06-30", "2025-06-30", "2025-06-30", False),
    # Shanghai's day decides.
    ("month", 1, "2024-01-31T15:59:59+00:00", "2024-02-29", "2024-02-29", False),
    ("month", 1, "2024-01-31T16:00:00+00:00", "2024-03-01", "2024-03-01", False),
]


@pytest.mark.parametrize(("unit", "number", "start", "strict", "legal", "provisional"), TABLE)
def test_ends_by_hand(unit, number, start, strict, legal, provisional):
    found = due(unit, number, start)
    assert (str(found.due_strict), str(found.due_legal)) == (strict, legal)
    assert found.provisional is provisional
    assert found.due_at == deadlines.end_of_day(date.fromisoformat(legal))


# the date of the rule, start, the day on which it is due
FIXED = [
    ("01-31", "2026-01-01", "2026-01-31"),  # a Saturday: a fixed date stays
    ("01-31", "2026-01-31", "2027-01-31"),  # the day of the event does not count
    ("12-01", "2026-11-30", "2026-12-01"),
    ("month-end", "2026-02-01", "2026-02-28"),
    ("month-end", "2026-02-28", "2026-03-31"),
    ("month-end", "2024-02-10", "2024-02-29"),
    ("quarter-end", "2026-01-01", "2026-03-31"),
    ("quarter-end", "2026-03-31", "2026-06-30"),
    ("quarter-end", "2026-12-31", "2027-03-31"),
    ("half-year-end", "2026-06-30", "2026-12-31"),
    ("half-year-end", "2026-05-04", "2026-06-30"),
    ("year-end", "2026-01-01", "2026-12-31"),
    ("year-end", "2026-12-31", "2027-12-31"),
]


@pytest.mark.parametrize(("day", "start", "end"), FIXED)
def test_fixed_dates_by_hand(day, start, end):
    found = due("date", None, start, day=day)
    assert str(found.due_strict) == str(found.due_legal) == end
    assert found.provisional is False, "no arrangement moves it"


# a day, how often, the first day of its period and of the next
AROUND = [
    ("2026-02-28", "month", "2026-02-01", "2026-03-01"),
    ("2026-12-31", "month", "2026-12-01", "2027-01-01"),
    ("2026-03-31", "quarter", "2026-01-01", "2026-04-01"),
    ("2026-11-29", "quarter", "2026-10-01", "2027-01-01"),
    ("2026-06-30", "half-year", "2026-01-01", "2026-07-01"),
    ("2026-07-01", "half-year", "2026-07-01", "2027-01-01"),
    ("2024-02-29", "year", "2024-01-01", "2025-01-01"),
]


@pytest.mark.parametrize(("day", "every", "since", "until"), AROUND)
def test_periods_by_hand(day, every, since, until):
    assert [str(end) for end in deadlines.period_of(date.fromisoformat(day), every)] == [since, until]


@pytest.mark.parametrize(("every", "number"), [("month", 36), ("quarter", 12), ("half-year", 6), ("year", 3)])
def test_the_periods_of_three_years_have_no_gap_and_no_overlap(every, number):
    days = [date(2024, 1, 1) + DAY * n for n in range(366 + 365 + 365)]
    found = [deadlines.period_of(day, every) for day in days]
    assert all(since <= day < until for day, (since, until) in zip(days, found, strict=True))
    periods = sorted(set(found))
    assert len(periods) == number
    assert [until for _since, until in periods[:-1]] == [since for since, _until in periods[1:]]


def test_a_fixed_date_moves_on_where_its_law_says_so():
    assert str(due("date", None, "2026-01-01", day="01-31", rolls=True).due_legal) == "2026-02-02"


def test_a_period_stays_where_its_law_does_not_move_it():
    found = due("month", 3, "2026-07-01", rolls=False)
    assert str(found.due_strict) == str(found.due_legal) == "2026-10-01"


def test_a_day_that_was_ordered():
    ordered = made("date", maximum=60)
    assert str(deadlines.compute(ordered, date(2026, 9, 30), shipped(), days=1).due_legal) == "2026-10-01"
    assert str(deadlines.compute(ordered, date(2026, 9, 30), shipped(), days=0).due_legal) == "2026-09-30"
    assert deadlines.compute(ordered, date(2026, 9, 30), shipped()).due_at is None
    for days in (-1, 61):
        with pytest.raises(deadlines.WrongDays):
            deadlines.compute(ordered, date(2026, 9, 30), shipped(), days=days)


# days up to the day that was ordered, how many working days before it, start, the last day, provisional
BACK = [
    (38, 3, "2026-09-01", "2026-09-29", False),  # 9 October, after the holiday
    (10, 1, "2026-11-02", "2026-11-11", False),  # a Thursday: the day before
    (14, 1, "2026-11-02", "2026-11-13", False),  # a Monday: the Friday before
    (9, 1, "2026-10-02", "2026-10-10", False),  # a Sunday, after a Saturday that is worked
    (2, 3, "2026-11-02", "2026-10-30", False),  # ordered too late: it is over when it begins
    (31, 1, "2026-12-01", "2026-12-31", False),  # 1 January: no day of 2027 decides
    (34, 1, "2026-12-01", "2026-12-31", True),  # 4 January, a Monday
]


@pytest.mark.parametrize(("days", "number", "start", "end", "provisional"), BACK)
def test_working_days_before_a_day_that_was_ordered(days, number, start, end, provisional):
    before = made("wd", number, maximum=60, before=True, rolls=False)
    found = deadlines.compute(before, date.fromisoformat(start), shipped(), days=days)
    assert str(found.due_strict) == str(found.due_legal) == end
    assert found.provisional is provisional
    steps = derivation(found)
    assert (str(steps[0].date), str(steps[-1].date)) == (start, end)
    assert steps[1].date == date.fromisoformat(start) + DAY * days
    assert [step.number for step in steps if step.counted] == list(range(1, number + 1))
    assert [step.date for step in steps[1:]] == [steps[1].date - DAY * n for n in range(len(steps) - 1)]


@given(st.dates(date(2008, 1, 1), date(2026, 12, 31)), st.integers(1, 60), st.integers(1, 20))
def test_counting_back_undoes_counting_on(day, days, number):
    """From the last day on, the ordered day is the first after so many working days."""
    before = made("wd", number, maximum=60, before=True, rolls=False)
    found = deadlines.compute(before, day, shipped(), days=days)
    ordered, last = day + DAY * days, found.due_strict
    assert not shipped().is_day_off(last)
    assert deadlines.add_working_days(last, number - 1, shipped()) < ordered
    assert deadlines.add_working_days(last, number, shipped()) >= ordered


def test_an_extension_is_counted_from_the_first_day_in_the_units_of_the_rule():
    found = deadlines.extend(due("month", 3, "2025-11-30"), 3)
    assert str(found.due_strict) == "2026-05-30"
    assert "（延期）" in sentence(derivation(found)[1])
    assert str(deadlines.extend(due("date", None, "2026-01-01", day="01-31"), 5).due_strict) == "2026-02-05"


@pytest.mark.django_db
def test_a_new_arrangement_moves_the_last_day():
    assert str(due("month", 1, "2027-01-05", calendar()).due_legal) == "2027-02-05"
    event()
    arrange()  # Spring Festival from 5 to 12 February 2027; the 13th and 14th are a weekend
    found = due("month", 1, "2027-01-05", calendar())
    assert (str(found.due_strict), str(found.due_legal), found.provisional) == ("2027-02-05", "2027-02-15", False)


def test_beyond_the_last_year_is_refused():
    for unit, number in (("year", 200), ("month", 5000), ("year", 9000)):
        with pytest.raises(deadlines.OutOfRange):
            due(unit, number, "2026-01-01")


ZH = [
    (("month", 3, "2026-03-02"), {}, "自2026年3月2日起三个月，至2026年6月2日，期限届满，当日 24 时截止"),
    (("month", 2, "2026-03-15"), {}, "自2026年3月15日起两个月，至2026年5月15日，期限届满，当日 24 时截止"),
    (
        ("month", 1, "2025-01-31"),
        {},
        "自2025年1月31日起一个月，至2025年2月28日（当月没有 31 日，以月末为准），期限届满，当日 24 时截止",
    ),
    (("year", 1, "2025-05-01"), {}, "自2025年5月1日起一年，至2026年5月1日，期限届满；当日劳动节放假，顺延"),
    (("date", None, "2026-01-01"), {"day": "01-31"}, "规定的日期，期限届满，当日 24 时截止"),
]


@pytest.mark.parametrize(("period", "more", "said"), ZH)
def test_the_derivation_says_it_in_words(period, more, said):
    first, last = derivation(due(*period, **more))[:2]
    assert (sentence(first), first.counted) == ("起算当日不计入期限", False)
    assert (sentence(last), last.counted) == (said, True)


def test_the_derivation_in_english():
    with override("en"):
        three = sentence(derivation(due("month", 3, "2026-03-02"))[1])
        one = sentence(derivation(due("year", 1, "2024-02-29"))[1])
    assert three == "3 months from 2 March 2026, up to 2 June 2026, the last; due by 24:00"
    assert (
        one == "1 year from 29 February 2024, up to 28 February 2025 (that month has no day 29), the last; due by 24:00"
    )


def test_the_days_after_a_day_off_are_told_as_for_any_period():
    steps = derivation(due("month", 3, "2026-07-01"))
    assert [str(step.date) for step in steps[1:]] == [f"2026-10-0{day}" for day in range(1, 9)]
    assert sentence(steps[-1]) == "休息日后的第一个工作日，顺延至当日 24 时截止"


days = st.dates(date(2001, 1, 1), date(2090, 12, 31))
numbers = st.integers(1, 240)


def plain_months(day, number):
    """The same, by walking over the days."""
    last = day
    for _ in range(number):
        this = last.month
        while last.month == this:
            last += DAY
        last = last.replace(day=1)
    in_month = [last + DAY * n for n in range(31) if (last + DAY * n).month == last.month]
    return max(one for one in in_month if one.day <= day.day)


@given(days, numbers)
def test_months_agree_with_a_walk_over_the_days(day, number):
    assert deadlines.add_months(day, number) == plain_months(day, number)


@given(days, numbers, numbers)
def test_months_add_up_where_every_month_has_the_day(day, one, other):
    day = day.replace(day=min(day.day, 28))
    assert deadlines.add_months(deadlines.add_months(day, one), other) == deadlines.add_months(day, one + other)


@given(days, st.integers(1, 20))
def test_twelve_months_are_a_year(day, years):
    assert due("year", years, str(day)).due_strict == due("month", 12 * years, str(day)).due_strict


@given(days, days, numbers)
def test_a_later_start_is_never_due_earlier(one, other, number):
    one, other = sorted((one, other))
    assert deadlines.add_months(one, number) <= deadlines.add_months(other, number)


@given(days, st.sampled_from([("month-end", 1), ("quarter-end", 3), ("half-year-end", 6), ("year-end", 12)]))
def test_period_ends_agree_with_a_walk_over_the_days(day, named):
    name, months = named
    walked = day + DAY
    while (walked + DAY).month == walked.month or walked.month % months:
        walked += DAY
    assert deadlines.next_fixed_date(day, name) == walked


@given(days, st.dates(date(2023, 1, 1), date(2023, 12, 31)))
def test_a_day_of_the_year_agrees_with_a_walk_over_the_days(day, of_year):
    walked = day + DAY
    while (walked.month, walked.day) != (of_year.month, of_year.day):
        walked += DAY
    assert deadlines.next_fixed_date(day, f"{of_year:%m-%d}") == walked
