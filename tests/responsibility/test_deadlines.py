"""Due dates: a table worked out by hand from the statutes and the yearly arrangements."""

from datetime import UTC, date, datetime, timedelta

import pytest

from massline.time import instant
from responsibility import deadlines
from responsibility.calendar import read
from responsibility.calendar import shipped as calendar
from responsibility.derivation import Why, derivation, sentence
from responsibility.rules import rule

DAY = timedelta(days=1)


def due(code, start, edition=None, **more):
    start = date.fromisoformat(start) if len(start) == 10 else datetime.fromisoformat(start)
    return deadlines.compute(rule(code, edition=edition), start, calendar(), **more)


# code, start, due_strict, due_legal, provisional
TABLE = [
    # 15 calendar days after 15 September are over on the 30th, a Wednesday.
    ("XF01", "2026-09-15", "2026-09-30", "2026-09-30", False),
    # The last day is 1 October; National Day is off until the 7th.
    ("XF01", "2026-09-16", "2026-10-01", "2026-10-08", False),
    # Saturday 10 October makes up for National Day: a working day, so nothing moves.
    ("XF01", "2026-09-25", "2026-10-10", "2026-10-10", False),
    # Sunday 11 October is a plain Sunday.
    ("XF01", "2026-09-26", "2026-10-11", "2026-10-12", False),
    # National Day and Mid-Autumn of 2025 are off from 1 to 8 October.
    ("XF01", "2025-09-16", "2025-10-01", "2025-10-09", False),
    # Spring Festival 2026 is off from Sunday 15 to Monday 23 February; Saturday the 14th is worked.
    ("XF01", "2026-01-30", "2026-02-14", "2026-02-14", False),
    ("XF01", "2026-01-31", "2026-02-15", "2026-02-24", False),
    ("XF01", "2026-02-08", "2026-02-23", "2026-02-24", False),
    # Spring Festival 2023 ends on Friday 27 January; the Saturday after it is worked.
    ("XF01", "2023-01-07", "2023-01-22", "2023-01-28", False),
    # 60 days across February; and onto 1 May, off until the 5th.
    ("XF06", "2026-02-28", "2026-04-29", "2026-04-29", False),
    ("XF06", "2026-03-02", "2026-05-01", "2026-05-06", False),
    # The leap day counts like any other.
    ("XF06", "2023-12-31", "2024-02-29", "2024-02-29", False),
    ("XF08", "2024-01-30", "2024-02-29", "2024-02-29", False),
    ("XF08", "2023-01-30", "2023-03-01", "2023-03-01", False),
    # 2026 is the last loaded year: its own last day is certain, and so is a weekend before it.
    ("XF06", "2026-11-01", "2026-12-31", "2026-12-31", False),
    ("XF01", "2026-12-11", "2026-12-26", "2026-12-28", False),
    # New Year's Day 2027 is off by statute, a Friday; what the arrangement adds is not known.
    ("XF06", "2026-11-02", "2027-01-01", "2027-01-04", True),
    # A working day of 2027, as far as one can know.
    ("XF01", "2026-12-31", "2027-01-15", "2027-01-15", True),
    # 2 May is off by statute since 2025; in 2027 it is a Sunday, and the 3rd a Monday.
    ("XF01", "2027-04-17", "2027-05-02", "2027-05-03", True),
    # 1 to 3 October 2028 run from Sunday to Tuesday.
    ("XF01", "2028-09-16", "2028-10-01", "2028-10-04", True),
    # Objection in 5 working days: 28, 29, 30 September, 8, 9 October (Mid-Autumn 25-27, National Day 1-7 are off).
    ("XF04", "2026-09-25", "2026-10-09", "2026-10-09", False),
    # Friday 18, the made-up Sunday 20, 21, 22, 23 September.
    ("XF04", "2026-09-17", "2026-09-23", "2026-09-23", False),
    # 13, the made-up Saturday 14, 24, 25, 26 February.
    ("XF04", "2026-02-12", "2026-02-26", "2026-02-26", False),
    # From a day off: it does not count, like any first day. 24, 25, 26, 27, the made-up Saturday 28.
    ("XF04", "2026-02-17", "2026-02-28", "2026-02-28", False),
    # 25, 28, 29, 30, 31 December; a day later the fifth falls into 2027.
    ("XF04", "2026-12-24", "2026-12-31", "2026-12-31", False),
    ("XF04", "2026-12-25", "2027-01-04", "2027-01-04", True),
    # 10 working days: 6, 7, 8, the made-up Saturday 9, 11-15, 18 May.
    ("XF14", "2026-04-30", "2026-05-18", "2026-05-18", False),
    # A leader acknowledges on the made-up Saturday.
    ("ML02", "2026-10-09", "2026-10-10", "2026-10-10", False),
    # Midnight in Shanghai is 16:00 UTC: a second decides the day of the event.
    ("XF01", "2026-09-15T15:59:59+00:00", "2026-09-30", "2026-09-30", False),
    ("XF01", "2026-09-15T16:00:00+00:00", "2026-10-01", "2026-10-08", False),
    ("XF01", "2026-09-15T23:59:59+08:00", "2026-09-30", "2026-09-30", False),
    ("XF01", "2026-09-15T23:59:59", "2026-09-30", "2026-09-30", False),  # naive is Shanghai's
    ("XF01", "2026-09-15T23:30:00-08:00", "2026-10-01", "2026-10-08", False),
    # By the hour nothing is rolled: over midnight, on a day off, into a year that is not loaded.
    ("HL03a", "2026-10-01T23:00:00", "2026-10-02T01:00:00+08:00", "2026-10-02T01:00:00+08:00", False),
    ("HL03b", "2026-12-31T15:30:00+00:00", "2027-01-01T23:30:00+08:00", "2027-01-01T23:30:00+08:00", False),
    ("HL03a", "2026-10-01", "2026-10-01T02:00:00+08:00", "2026-10-01T02:00:00+08:00", False),
    ("HL03c", "2026-10-01", "2026-10-08", "2026-10-08", False),
]


@pytest.mark.parametrize(("code", "start", "strict", "legal", "provisional"), TABLE)
def test_table(code, start, strict, legal, provisional):
    found = due(code, start)
    assert (found.due_strict.isoformat(), found.due_legal.isoformat(), found.provisional) == (
        strict,
        legal,
        provisional,
    )


def test_a_guess_after_the_last_loaded_day_makes_it_provisional(tmp_path):
    # 31 December 2022 was a Saturday: where that year is the last one loaded, the days after it are guessed.
    path = tmp_path / "holidays.csv"
    path.write_text("date,name,kind\n2022-01-01,元旦,off\n", encoding="utf-8")
    found = deadlines.compute(rule("XF01"), date(2022, 12, 16), read(path))
    assert (found.due_strict, found.due_legal) == (date(2022, 12, 31), date(2023, 1, 2))
    assert found.provisional
    assert not deadlines.compute(rule("XF01"), date(2022, 12, 15), read(path)).provisional


def test_2005_edition():
    # 60 days of Art. 33 from 1 January 2021: 30 in January, 28 in February, 2 in March.
    found = due("XF06", "2021-01-01", edition="2005")
    assert found.due_strict == found.due_legal == date(2021, 3, 2)


def test_a_period_ends_at_24_00_in_shanghai():
    found = due("XF01", "2026-09-16T09:00:00")
    assert found.strict_at == datetime(2026, 10, 1, 16, tzinfo=UTC)
    assert found.due_at == datetime(2026, 10, 8, 16, tzinfo=UTC)
    assert found.opened_at == datetime(2026, 9, 16, 1, tzinfo=UTC)


def test_as_ordered():
    none = due("XF12", "2026-09-16")
    assert (none.due_strict, none.due_legal, none.strict_at, none.due_at) == (None,) * 4
    assert derivation(none) == ()
    assert due("XF12", "2026-09-16", days=15).due_legal == date(2026, 10, 8)


@pytest.mark.parametrize(("code", "days"), [("XF06", 60), ("XF05", 1), ("XF12", 0), ("XF12", -1), ("XF07", 31)])
def test_days_are_refused(code, days):
    with pytest.raises(deadlines.WrongDays):
        due(code, "2026-09-16", days=days)


@pytest.mark.parametrize("start", ["0001-01-01", "1999-12-31", "2199-12-31", "9999-12-31"])
def test_absurd_starts_are_refused(start):
    with pytest.raises(deadlines.OutOfRange):
        due("XF06", start)
    with pytest.raises(deadlines.OutOfRange):
        due("XF14", start)


# --- Extension and pause ---------------------------------------------------------------------------------------------


def test_extension_counts_from_the_plain_count():
    # 60 days from 2 March end on 1 May; 30 more on 31 May, a Sunday. Not 30 from the rolled 6 May.
    longer = deadlines.extend(due("XF06", "2026-03-02"), 30)
    assert (longer.due_strict, longer.due_legal) == (date(2026, 5, 31), date(2026, 6, 1))
    assert [s.number for s in derivation(longer) if s.extended] == list(range(61, 91))


def test_extensions_add_up():
    first = due("XF12", "2026-03-02", days=10)
    assert deadlines.extend(deadlines.extend(first, 4), 5).due_strict == deadlines.extend(first, 9).due_strict


@pytest.mark.parametrize(("code", "days"), [("XF06", 0), ("XF06", -1), ("XF12", 5), ("HL03a", 1)])
def test_wrong_extensions_are_refused(code, days):
    with pytest.raises(deadlines.WrongDays):
        deadlines.extend(due(code, "2026-03-02"), days)


def test_absurd_extension_is_refused():
    with pytest.raises(deadlines.OutOfRange):
        deadlines.extend(due("XF06", "2026-03-02"), 10**12)


def test_hearing_days_do_not_count():
    # 30 days from 1 June end on 1 July; a hearing from 10 to 12 June moves that to Saturday the 4th.
    found = due("XF11", "2026-06-01", paused=[(date(2026, 6, 10), date(2026, 6, 12))])
    assert (found.due_strict, found.due_legal, found.paused_days) == (date(2026, 7, 4), date(2026, 7, 6), 3)
    assert [s.date.day for s in derivation(found) if s.why == Why.PAUSED] == [10, 11, 12]


def test_only_days_inside_the_period_stand_still():
    """Pauses that overlap count once; the first day, which does not count anyway, and days after the end do not."""
    pauses = [
        (date(2026, 5, 30), date(2026, 6, 2)),
        (date(2026, 6, 2), date(2026, 6, 3)),
        (date(2026, 8, 1), date(2026, 8, 9)),
    ]
    found = due("XF11", "2026-06-01", paused=pauses)
    assert (found.paused_days, found.due_strict) == (2, date(2026, 7, 3))


def test_other_rules_never_stand_still():
    with pytest.raises(deadlines.DeadlineError):
        due("XF06", "2026-06-01", paused=[(date(2026, 6, 10), date(2026, 6, 12))])


@pytest.mark.parametrize("pause", [("2026-06-12", "2026-06-10"), ("1900-01-01", "2026-06-10")])
def test_wrong_pauses_are_refused(pause):
    with pytest.raises(deadlines.DeadlineError):
        due("XF11", "2026-06-01", paused=[tuple(map(date.fromisoformat, pause))])


# --- Derivation ------------------------------------------------------------------------------------------------------


def told(found):
    return [(s.date.isoformat()[5:], s.counted, sentence(s)) for s in derivation(found)]


def test_derivation_of_a_rolled_day():
    assert told(due("XF01", "2026-09-19"))[-5:] == [
        ("10-04", True, "第 15 日，期限届满；当日国庆节放假，顺延"),
        ("10-05", False, "国庆节放假，继续顺延"),
        ("10-06", False, "国庆节放假，继续顺延"),
        ("10-07", False, "国庆节放假，继续顺延"),
        ("10-08", False, "休息日后的第一个工作日，顺延至当日 24 时截止"),
    ]


def test_derivation_of_working_days():
    assert told(due("ML03", "2026-09-17")) == [
        ("09-17", False, "起算当日不计入期限"),
        ("09-18", True, "第 1 个工作日"),
        ("09-19", False, "星期六，不计入"),
        ("09-20", True, "调休上班（国庆节），第 2 个工作日"),
        ("09-21", True, "第 3 个工作日"),
    ]


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-09-15", "第 15 日，期限届满，当日 24 时截止"),
        ("2026-09-25", "第 15 日，期限届满；当日为调休上班日（国庆节），不顺延，24 时截止"),
        ("2023-01-07", "调休上班（春节），顺延至当日 24 时截止"),
        ("2026-12-31", "第 15 日，期限届满，当日 24 时截止（当年放假安排尚未收录，暂按固定规则推算）"),
    ],
)
def test_last_sentence(start, last):
    assert told(due("XF01", start))[-1][2] == last


def test_derivation_by_the_hour():
    assert told(due("HL03a", "2026-10-01T23:00:00")) == [
        ("10-01", False, "自 23:00 起算 2 小时"),
        ("10-02", True, "01:00 截止"),
    ]


# --- Lights ----------------------------------------------------------------------------------------------------------


def test_warning_moments():
    # 60 days from 00:00 on 1 September end on 31 October at 24:00: 61 days, of which 18.3 are left on 13 October.
    # Saturday 31 October is preceded by Friday 30, Thursday 29, Wednesday 28.
    share, days = deadlines.warning_moments(due("XF06", "2026-09-01"))
    assert share == instant(datetime(2026, 11, 1)) - timedelta(days=18.3)
    assert days == instant(date(2026, 10, 28))


def test_short_periods_warn_of_nothing_before_they_begin():
    share, days = deadlines.warning_moments(due("ML02", "2026-09-01T10:00:00"))
    assert share is not None
    assert days is None


def test_hours_have_no_working_days():
    share, days = deadlines.warning_moments(due("HL03a", "2026-09-01T10:00:00"))
    assert share == instant(datetime(2026, 9, 1, 11, 24))
    assert days is None
    assert deadlines.warning_moments(due("XF12", "2026-09-01")) == (None, None)


LIGHTS = [
    ("2026-09-01T10:00", "green"),
    ("2026-10-13T16:47", "green"),  # a minute before 18.3 days are left
    ("2026-10-13T16:48", "yellow"),
    ("2026-10-31T23:59", "yellow"),
    ("2026-11-01T00:00", "red"),  # although Sunday is a day off and the legal date is Monday the 2nd
]


@pytest.mark.parametrize(("now", "colour"), LIGHTS)
def test_light(now, colour):
    found = due("XF06", "2026-09-01")
    now = instant(datetime.fromisoformat(now))
    assert deadlines.light(found.opened_at, found.strict_at, now, calendar()) == colour


def test_three_working_days_are_yellow_even_early():
    # 5 working days over the holiday: 28, 29, 30 September, 8, 9 October. On the 30th three are left.
    found = due("XF04", "2026-09-25")
    light = [
        deadlines.light(found.opened_at, found.strict_at, instant(day), calendar(), unit="wd")
        for day in (date(2026, 9, 29), date(2026, 9, 30))
    ]
    assert light == ["green", "yellow"]


def test_light_by_the_hour():
    found = due("HL03a", "2026-09-01T10:00:00")
    colours = [
        deadlines.light(found.opened_at, found.strict_at, found.opened_at + timedelta(minutes=m), calendar(), unit="h")
        for m in (0, 83, 84, 119, 120)
    ]
    assert colours == ["green", "green", "yellow", "yellow", "red"]


def test_time_that_stood_still_is_no_part_of_the_period():
    # 30 days and 30 paused ones from 1 June: 61 days, of which 31 count; 9.3 days before the end.
    found = due("XF11", "2026-06-01", paused=[(date(2026, 6, 2), date(2026, 7, 1))])
    yellow = found.strict_at - timedelta(days=9.3)
    assert (found.paused_days, deadlines.warning_moments(found)[0]) == (30, yellow)
    more = {"calendar": calendar(), "paused_days": found.paused_days}
    assert deadlines.light(found.opened_at, found.strict_at, now=yellow - DAY, **more) == "green"
    assert deadlines.light(found.opened_at, found.strict_at, now=yellow, **more) == "yellow"


def test_light_without_a_date_is_green():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert deadlines.light(now, None, now, calendar()) == "green"
