"""The backward plan: the latest safe day of each milestone, and what a lost day does to all later ones."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inspection.plan import Item, backward_plan, expected_end
from responsibility.calendar import shipped
from responsibility.deadlines import add_working_days, next_working_day, working_days_before

CALENDAR = shipped()
DUE = date(2026, 6, 30)
DAYS = st.dates(date(2026, 3, 2), date(2026, 6, 1))
LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=8)


def items(lengths: list[int], done: tuple[date, ...] = ()) -> list[Item]:
    reached = dict(enumerate(done))
    return [Item(n + 1, days, DUE, reached.get(n)) for n, days in enumerate(lengths)]


def test_by_hand_over_a_holiday() -> None:
    """Back from Friday 9 October 2026: 1 to 7 October are off, so that three days of work begin on 30 September; from
    Monday 21 September on, when the 25th is off."""
    planned = backward_plan(date(2026, 10, 9), [Item(1, 5, DUE), Item(2, 3, DUE)], date(2026, 9, 21), CALENDAR)
    assert [str(one.latest_safe_day) for one in planned] == ["2026-09-29", "2026-10-09"]
    assert [str(one.expected) for one in planned] == ["2026-09-28", "2026-10-08"]


@given(LENGTHS, DAYS)
def test_whoever_keeps_to_the_latest_safe_day_is_in_time(lengths: list[int], today: date) -> None:
    """From the latest safe day of any item on, the work of all later ones just fits."""
    planned = backward_plan(DUE, items(lengths), today, CALENDAR)
    for n, one in enumerate(planned):
        later = sum(lengths[n + 1 :])
        assert add_working_days(one.latest_safe_day, later, CALENDAR) <= DUE
        too_late = next_working_day(one.latest_safe_day + timedelta(days=1), CALENDAR)
        assert later == 0 or add_working_days(too_late, later, CALENDAR) > DUE


@given(LENGTHS, DAYS)
def test_a_lost_day_shows_on_all_later_items(lengths: list[int], today: date) -> None:
    today = next_working_day(today, CALENDAR)
    tomorrow = next_working_day(today + timedelta(days=1), CALENDAR)
    before, after = (backward_plan(DUE, items(lengths), day, CALENDAR) for day in (today, tomorrow))
    assert [one.latest_safe_day for one in before] == [one.latest_safe_day for one in after]
    assert all(add_working_days(b.expected, 1, CALENDAR) == a.expected for b, a in zip(before, after, strict=True))


@given(LENGTHS, DAYS)
def test_what_is_expected_follows_from_today_and_the_open_items_alone(lengths: list[int], today: date) -> None:
    done = working_days_before(today, 3, CALENDAR)
    planned = backward_plan(DUE, items(lengths, (done,)), today, CALENDAR)
    assert planned[0].expected == done and planned[0].done
    left = lengths[1:]
    expected = add_working_days(today - timedelta(days=1), sum(left), CALENDAR) if left else None
    assert expected_end(planned) == expected
    assert all(one.unsafe == (one.expected > one.latest_safe_day) for one in planned)
