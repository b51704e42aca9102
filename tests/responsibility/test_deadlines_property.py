"""Due dates: what always holds, against a plain count of another kind."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from massline.time import end_of_day
from responsibility import deadlines
from responsibility.calendar import HOLIDAYS
from responsibility.calendar import shipped as calendar
from responsibility.derivation import derivation, sentence
from responsibility.rules import rule

DAY = timedelta(days=1)

starts = st.dates(date(2007, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2007, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
day_rules = st.sampled_from([rule(code) for code in ("XF01", "XF04", "XF06", "XF14", "XF15", "HL03c", "HL04", "ML02")])


def plain_days_off():
    """The days off of 2006-2032, from the file, in another way than the calendar's."""
    rows = [line.split(",") for line in HOLIDAYS.read_text(encoding="utf-8").splitlines()[1:]]
    span = [date(2006, 1, 1) + DAY * n for n in range(365 * 27)]
    fixed = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    off = {d for d in span if d.isoweekday() > 5} | {d for d in span if d.year > 2026 and (d.month, d.day) in fixed}
    off |= {date.fromisoformat(d) for d, _, kind in rows if kind == "off"}
    return off - {date.fromisoformat(d) for d, _, kind in rows if kind == "work"}


OFF = plain_days_off()


@given(day_rules, starts)
def test_agrees_with_a_plain_count(applied, start):
    found = deadlines.compute(applied, start, calendar())
    if applied.unit == "wd":
        strict = sorted({start + DAY * n for n in range(1, 60)} - OFF)[applied.value - 1]
    else:
        strict = date.fromordinal(start.toordinal() + applied.value)
    assert found.due_strict == strict
    assert found.due_legal == min({strict + DAY * n for n in range(20)} - OFF)
    assert found.provisional == (found.due_legal.year > 2026)


@given(day_rules, instants, instants)
def test_a_later_start_is_never_due_earlier(applied, one, other):
    one, other = sorted((one, other))
    first, second = (deadlines.compute(applied, moment, calendar()) for moment in (one, other))
    assert first.due_strict <= second.due_strict
    assert first.due_at <= second.due_at


@given(day_rules, instants)
def test_the_legal_date_is_a_working_day_and_not_before_the_strict_one(applied, start):
    found = deadlines.compute(applied, start, calendar())
    assert start < found.strict_at <= found.due_at
    assert not calendar().is_day_off(found.due_legal)
    assert found.strict_at == end_of_day(found.due_strict)


@given(day_rules, instants, st.integers(0, 40))
def test_the_derivation_tells_the_same_dates(applied, start, days):
    found = deadlines.compute(applied, start, calendar())
    found = deadlines.extend(found, days) if days else found
    steps = derivation(found)
    counted = [step for step in steps if step.counted]
    assert [step.number for step in counted] == list(range(1, applied.value + days + 1))
    assert (counted[-1].date, steps[-1].date) == (found.due_strict, found.due_legal)
    assert [step.date for step in steps] == [steps[0].date + DAY * n for n in range(len(steps))]
    assert all(sentence(step) for step in steps)
    # A word of caution stands exactly where a guess decided.
    assert any(step.guessed for step in steps) == found.provisional


@given(starts, st.lists(st.tuples(st.integers(-40, 60), st.integers(0, 20)), max_size=4))
def test_each_paused_day_moves_the_date_by_one(start, spans):
    pauses = [(start + DAY * first, start + DAY * (first + length)) for first, length in spans]
    found = deadlines.compute(rule("XF11"), start, calendar(), paused=pauses)
    assert found.due_strict == start + DAY * (30 + found.paused_days)
    assert found.due_strict not in found.paused


@given(starts, st.integers(1, 30))
def test_working_days_add_up(day, number):
    once = deadlines.add_working_days(day, number, calendar())
    assert deadlines.add_working_days(deadlines.add_working_days(day, 1, calendar()), number - 1, calendar()) == once
    assert len({day + DAY * n for n in range(1, (once - day).days + 1)} - OFF) == number


@given(day_rules, instants, st.integers(-5, 100))
def test_light_agrees_with_the_warnings(applied, start, hours):
    found = deadlines.compute(applied, start, calendar())
    now = start + timedelta(hours=abs(hours) * 17)
    light = deadlines.light(found.opened_at, found.strict_at, now, calendar(), unit=applied.unit)
    warned = min((moment for moment in deadlines.warning_moments(found) if moment), default=found.strict_at)
    assert (light == "red") == (now >= found.strict_at)
    if light == "green":
        assert now < warned
