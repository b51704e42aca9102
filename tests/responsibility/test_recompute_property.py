"""For any arrangement: recomputing gives the dates that computing anew gives, and never a breach."""

from datetime import date, datetime, timedelta

from django.db import connection
from hypothesis import assume, given
from hypothesis import strategies as st

from massline.time import SHANGHAI
from responsibility import calendar as calendars
from responsibility import deadlines, obligations, recompute
from responsibility.calendar import Arranged, Calendar, shipped
from responsibility.models import Obligation
from responsibility.recompute import Change
from responsibility.rules import applied, rule

OPENED = st.datetimes(datetime(2026, 10, 1), datetime(2027, 3, 1)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
DAYS = st.dates(date(2026, 12, 20), date(2027, 12, 31))
CODES = ("XF01", "XF03", "XF06", "XF13", "XF14", "XF15", "ML01", "ML02", "ML03", "ML04", "HL03a", "HL03c", "HL04")


@st.composite
def arrangements(draw: st.DrawFn) -> Calendar:
    """2027 with any days off and any days worked; some of them in December."""
    facts = draw(st.dictionaries(DAYS, st.booleans(), max_size=30)) | {date(2027, 1, 1): True}
    days = {day: Arranged("元旦", off) for day, off in facts.items()}
    return calendars.of({**shipped().arranged, **days}, 2)


def owed(code: str, since: datetime, extended: int = 0) -> Obligation:
    """What is opened under the calendar of the file, not saved."""
    in_force = applied(code, since.date()) or rule(code)
    o = Obligation(rule=code, edition=in_force.edition, opened_at=since, extended_days=extended)
    due = deadlines.compute(in_force, since, _first())
    obligations.set_dates(o, deadlines.extend(due, extended) if extended else due)
    return o


def _first() -> Calendar:
    return calendars.of(shipped().arranged, 1)


def known_as(first: Calendar, second: Calendar) -> None:
    """As if both stood in the database. tests/conftest.py forgets the second."""
    name = str(connection.settings_dict["NAME"])
    calendars._read_before.update({(name, 1): first, (name, 2): second})


@given(code=st.sampled_from(CODES), since=OPENED, extended=st.sampled_from([0, 0, 10, 30]), known=arrangements(),
       after=st.integers(0, 140))  # fmt: skip
def test_recomputed_is_computed_anew_or_kept(
    code: str, since: datetime, extended: int, known: Calendar, after: int
) -> None:
    known_as(_first(), known)
    o = owed(code, since, 0 if rule(code).unit == "h" else extended)
    assert o.due_at is not None
    at = since + timedelta(days=after)
    was_overdue = o.is_overdue(at)
    anew = obligations.computed_due(o, known)
    found = recompute.difference(o, known, at)
    if found is None or found.change == Change.SETTLED:
        assert (o.strict_at, o.due_at) == (anew.strict_at, anew.due_at)
        assert found is not None or o.provisional is anew.provisional
    elif found.change == Change.MOVED:
        assert (found.due.strict_at, found.due.due_at) == (anew.strict_at, anew.due_at) != (o.strict_at, o.due_at)
        assert not was_overdue and anew.due_at is not None and anew.due_at > at, "open, and still open"
    elif found.change == Change.BREACHED:
        assert was_overdue
    else:
        assert not was_overdue and anew.due_at is not None and anew.due_at <= at, "no breach out of the past"


@given(code=st.sampled_from(CODES), since=OPENED, known=arrangements())
def test_what_is_not_looked_at_could_not_have_moved(code: str, since: datetime, known: Calendar) -> None:
    known_as(_first(), known)
    o = owed(code, since)
    assume(not recompute._is_affected(o, known))
    anew = obligations.computed_due(o, known)
    assert (o.strict_at, o.due_at, o.provisional) == (anew.strict_at, anew.due_at, anew.provisional)
    before, now = (deadlines.warning_moments(obligations.computed_due(o, calendar)) for calendar in (_first(), known))
    assert before == now


@given(since=OPENED, known=arrangements(), pauses=st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=3))
def test_a_pause_is_counted_under_any_arrangement(
    since: datetime, known: Calendar, pauses: list[tuple[date, int]]
) -> None:
    """The second review (XF11) stands still on the days of a hearing, whatever is arranged: the plain count is the same
    and the last day is no day off."""
    spans = [(first, first + timedelta(days=length)) for first, length in pauses]
    before, after = (deadlines.compute(rule("XF11"), since, each, paused=spans) for each in (_first(), known))
    assert (after.due_strict, after.paused) == (before.due_strict, before.paused)
    assert isinstance(after.due_legal, date) and not known.is_day_off(after.due_legal)
