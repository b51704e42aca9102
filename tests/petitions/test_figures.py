"""Figures: what every cohort holds, by a table written by hand from the rules; and each figure opens as many rows."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from massline.time import SHANGHAI
from petitions.desk.filters import DemandFilter
from petitions.figures import indicators as figures
from petitions.models import Demand, State
from records.figures import overview as overviews
from records.figures.cohorts import DueResult
from records.figures.indicators import Indicator, Share
from records.figures.overview import overview, trend
from records.figures.periods import Period, week_of, weeks_until
from records.kinds import record_type
from reports.board import board
from reports.dashboard import period_of
from responsibility.models import Obligation
from responsibility.sweep import sweep
from tests.chain_lab import event
from tests.city import ACCEPTED, ANSWER, CATEGORY, FORWARDED, HANDLING, act, file_petition, tell_all, walk_to

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOW = at("2026-09-15T10:00")


@pytest.fixture(autouse=True)
def still(request: pytest.FixtureRequest) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass
class Story:
    """A petition received on a day; each step (who, act, data) on its day."""

    received: str
    steps: tuple[tuple[str, Any], ...]

    def play(self) -> SimpleNamespace:
        with time_machine.travel(at(self.received), tick=False):
            filed = file_petition(received_at=at(self.received))
        for moment, (who, slug, data) in self.steps:
            with time_machine.travel(at(moment), tick=False):
                sweep(at(moment))
                filed.demand = act(filed.demand, who, slug, data)
                tell_all(filed.demand)
        return filed


REGISTER, FORWARD = FORWARDED
ACCEPT, ASSIGN = ACCEPTED[-1], HANDLING[-1]
GIVE_ANSWER = ("handler", "answer", ANSWER)
WITHDRAW = ("citizen", "withdraw", {"reason": "问题已经解决"})
OBJECT = ("receiver", "object", {"reason": "不属于本单位职责"})
AGREE = ("clerk", "decide_objection", {"agree": "true", "reason": "同意"})


def routed(day: str) -> tuple[tuple[str, Any], ...]:
    return ((f"{day}T09:00", REGISTER), (f"{day}T09:10", FORWARD))


# Days counted by hand. 15 days from 1 June end with 16 June; from 3 June with 18 June. 60 days from 8 June end with
# 7 August (a Friday). A period that ends on a day off runs on to the next working day.
STORIES = {
    "forwarded in time, accepted in time, answered in time": Story(
        "2026-06-01T10:00",
        (
            *routed("2026-06-03"),
            ("2026-06-08T10:00", ACCEPT),
            ("2026-06-09T10:00", ASSIGN),
            ("2026-08-07T23:00", GIVE_ANSWER),
        ),
    ),
    "answered an hour too late": Story(
        "2026-06-01T11:00",
        (
            *routed("2026-06-03"),
            ("2026-06-08T10:00", ACCEPT),
            ("2026-06-09T10:00", ASSIGN),
            ("2026-08-08T00:30", GIVE_ANSWER),
        ),
    ),
    "accepted, never answered": Story(
        "2026-06-01T12:00", (*routed("2026-06-03"), ("2026-06-08T10:00", ACCEPT), ("2026-06-09T10:00", ASSIGN))
    ),
    "forwarded too late": Story("2026-06-01T13:00", (*routed("2026-06-18"),)),
    "never registered": Story("2026-06-01T14:00", ()),
    "withdrawn before anything was due": Story("2026-06-01T15:00", (("2026-06-05T10:00", WITHDRAW),)),
    "withdrawn after the 15 days": Story("2026-06-01T16:00", (("2026-06-25T10:00", WITHDRAW),)),
    "objected, and forwarded again": Story(
        "2026-06-01T17:00",
        (
            *routed("2026-06-03"),
            ("2026-06-04T09:00", OBJECT),
            ("2026-06-05T09:00", AGREE),
            ("2026-06-08T09:00", FORWARD),
            ("2026-06-12T09:00", ACCEPT),
        ),
    ),
}
JUNE_16 = Period(date(2026, 6, 16), date(2026, 6, 16))
TABLE: tuple[tuple[str, Indicator, Period, dict[str, int]], ...] = (
    # 1 June + 15 days: everything but what was withdrawn before; two late or never, one withdrawn after its breach.
    ("15 days of registration", figures.ROUTED, JUNE_16, {"on_time": 4, "late": 1, "overdue": 2}),
    ("nothing a day earlier", figures.ROUTED, Period(date(2026, 6, 1), date(2026, 6, 15)), {}),
    ("nothing a day later", figures.ROUTED, Period(date(2026, 6, 17), date(2026, 6, 30)), {}),
    # received on 3 June: due on 18 June. The objection released the first receipt of one: it is not in this cohort.
    ("15 days of 3 June", figures.ACCEPTED, Period(date(2026, 6, 18), date(2026, 6, 18)), {"on_time": 3}),
    # received on 8 June: 23 June; received on 18 June: Friday 3 July.
    ("15 days of 8 June", figures.ACCEPTED, Period(date(2026, 6, 19), date(2026, 6, 23)), {"on_time": 1}),
    ("15 days of 18 June", figures.ACCEPTED, Period(date(2026, 7, 3), date(2026, 7, 3)), {"overdue": 1}),
    (
        "60 days of 8 June",
        figures.ANSWERED,
        Period(date(2026, 8, 7), date(2026, 8, 7)),
        {"on_time": 1, "late": 1, "overdue": 1},
    ),
    ("60 days of 12 June", figures.ANSWERED, Period(date(2026, 8, 8), date(2026, 8, 31)), {"overdue": 1}),
)


@pytest.fixture
def played(city: Any) -> dict[str, SimpleNamespace]:
    made = {name: story.play() for name, story in STORIES.items()}
    sweep(NOW)
    return made


def results(indicator: Indicator, period: Period, user: User) -> dict[str, int]:
    return overviews.results(indicator.cohort, period, timezone.now(), Demand.objects.for_user(user))


@pytest.mark.parametrize("line", TABLE, ids=[line[0] for line in TABLE])
def test_the_cohorts_of_the_rules(city: Any, played: Any, line: Any) -> None:
    _name, indicator, period, expected = line
    assert results(indicator, period, city.auditor) == expected


def test_what_is_not_due_yet_stands_in_the_denominator(city: Any) -> None:
    with time_machine.travel(at("2026-09-01T10:00"), tick=False):
        walk_to(State.HANDLING)
    ahead = Period(date(2026, 10, 1), date(2026, 11, 30))
    assert results(figures.ANSWERED, ahead, city.auditor) == {"pending": 1}
    share = figures.ANSWERED.share({"pending": 1})
    assert (share.part, share.whole, share.percent) == (0, 1, "")


def test_a_breach_stays_after_an_extension(city: Any) -> None:
    """Late is late, whatever was granted afterwards; the item moves to the cohort of its new date."""
    from responsibility import obligations

    with time_machine.travel(at("2026-06-08T10:00"), tick=False):
        filed = walk_to(State.HANDLING)
    sweep(NOW)
    with transaction.atomic():
        event()
        obligations.extend(Obligation.objects.get(subject_id=filed.demand.pk, rule="XF06"), 30 + 30, NOW)
    assert results(figures.ANSWERED, Period(date(2026, 8, 7), date(2026, 8, 7)), city.auditor) == {}
    moved = Period(date(2026, 9, 16), date(2026, 10, 31))
    assert results(figures.ANSWERED, moved, city.auditor) == {"overdue": 1}
    act(filed.demand, "handler", "answer", ANSWER)
    assert results(figures.ANSWERED, moved, city.auditor) == {"late": 1}


def test_a_returned_answer_is_no_answer(city: Any) -> None:
    with time_machine.travel(at("2026-06-08T10:00"), tick=False):
        filed = walk_to(State.ANSWERED)
    due = Period(date(2026, 8, 7), date(2026, 8, 7))
    assert results(figures.ANSWERED, due, city.auditor) == {"on_time": 1}
    with time_machine.travel(at("2026-06-20T10:00"), tick=False):
        act(filed.demand, "leader", "return", {"reason": "没有说清楚"})
    assert results(figures.ANSWERED, due, city.auditor) == {"overdue": 1}


def test_satisfaction_and_turnout(city: Any) -> None:
    scores = {"organ": (5, 4, 3, 2, 1), "petition_office": (3,)}
    filed = [walk_to(State.CLOSED) for _n in range(6)]
    for rated, many in scores.items():
        for one, score in zip(filed, many, strict=False):
            act(one.demand, "citizen", "rate", {"object": rated, "score": score, "reason": ""})
    found = overview(figures.FIGURES, city.auditor, week_of(NOW.date()), NOW)["rates"]
    assert found["rated_organ"] == {"satisfied": 2, "basically": 1, "dissatisfied": 2}
    assert figures.OF_ORGAN.satisfaction.share(found["rated_organ"]) == Share(3, 5)
    assert figures.OF_ORGAN.turnout.share(found["asked_organ"]) == Share(5, 6)
    assert found["rated_office"] == {"basically": 1}
    few = figures.OF_OFFICE.satisfaction.share(found["rated_office"])
    assert few.percent == ""  # 样本不足: the count stands, no rate
    assert figures.OF_OFFICE.turnout.share(found["asked_office"]) == Share(1, 6)
    assert figures.OF_ORGAN.satisfaction.share(found["rated_organ"]).percent == "60.0%"


def test_days_end_at_midnight_in_shanghai() -> None:
    week = week_of(date(2026, 9, 20))
    assert (week.first, week.last) == (date(2026, 9, 14), date(2026, 9, 20))
    assert (week.after, week.until) == (at("2026-09-14T00:00"), at("2026-09-21T00:00"))
    weeks = weeks_until(date(2026, 9, 15))
    assert [w.first for w in weeks][:2] == [date(2026, 6, 29), date(2026, 7, 6)] and len(weeks) == 12
    assert Period(date.min, date.max).after < Period(date.min, date.max).until


def test_what_is_due_on_a_sunday_belongs_to_its_week(city: Any) -> None:
    """Sunday, 20 September 2026, is worked: sixty days from 22 July end with it, at the midnight that begins Monday."""
    Story("2026-07-22T10:00", tuple(("2026-07-22T10:00", step) for step in HANDLING)).play()
    weeks = trend(figures.FIGURES, Demand.objects.all(), weeks_until(date(2026, 9, 25)), at("2026-09-25T10:00"))
    assert [(w["first"], w.get("overdue", 0)) for w in weeks[-2:]] == [("2026-09-14", 1), ("2026-09-21", 0)]


DEMANDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["forwarded", "accepted", "handling", "answered", "closed", "received", "withdrawn", "transferred"]
        ),
        st.integers(0, 100),  # filed so many days ago
        st.booleans(),  # complains about the leader
    ),
    min_size=3,
    max_size=8,
)
PEOPLE = ("clerk", "chief", "handler", "deputy", "leader", "mayor", "auditor", "district_chief", "receiver")


ANY_DEMANDS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(ANY_DEMANDS, max_examples=2, derandomize=True)
@given(drawn=DEMANDS)
def test_every_figure_is_the_length_of_its_list(drawn: Any) -> None:
    check_every_figure_of(drawn, PEOPLE[::3])


@pytest.mark.soak
@settings(ANY_DEMANDS, max_examples=20)
@given(drawn=DEMANDS)
def test_every_figure_is_the_length_of_its_list_of_whatever_there_is(drawn: Any) -> None:
    check_every_figure_of(drawn, PEOPLE)


def check_every_figure_of(drawn: Any, people: Iterable[str]) -> None:
    from tests.city import build_city

    with transaction.atomic():
        build_city()
        for state, ago, names in drawn:
            made_at = NOW - timedelta(days=ago)
            with time_machine.travel(made_at, tick=False):
                about = [{"kind": "person", "name": "林局正", "organ": "试水市住房和城乡建设局"}] if names else []
                if names and state in ("handling", "answered", "closed"):
                    about = []  # the leader assigns these
                walk_to(state, complained_about=about)
        sweep(NOW)
        for username in people:
            check_every_figure(User.objects.get(username=username), "weeks")
        transaction.set_rollback(True)


def check_every_figure(user: User, *periods: str) -> int:
    """Follows every link of the dashboard as the ledger would; how many were followed."""
    checked = 0
    for name in periods or ("weeks", "last_month"):
        found = overview(figures.FIGURES, user, period_of(name, NOW.date()), timezone.now())
        for number in numbers(asdict(board(record_type("petition"), found, timezone.now()))):
            query = dict(parse_qsl(urlsplit(number["url"]).query))
            rows = DemandFilter(query, Demand.objects.for_user(user))
            assert rows.form.is_valid(), (query, rows.form.errors)
            assert rows.qs.count() == number["value"], (user.username, number)
            checked += 1
    return checked


def numbers(tree: Any) -> Iterator[dict[str, Any]]:
    """Every number with an address, wherever it stands."""
    if isinstance(tree, dict):
        if "url" in tree and "value" in tree:
            yield tree
        for below in tree.values():
            yield from numbers(below)
    elif isinstance(tree, list):
        for below in tree:
            yield from numbers(below)


def test_every_figure_of_the_stories_opens_its_list(city: Any, played: Any) -> None:
    for username in ("clerk", "leader", "handler", "mayor"):
        assert check_every_figure(User.objects.get(username=username)) > 100


def test_tables_by_organ_and_class_add_up(city: Any, played: Any) -> None:
    found = overview(figures.FIGURES, city.auditor, Period(date(2026, 6, 1), date(2026, 9, 30)), NOW)
    for table in ("organs", "classes"):
        for name in ("open", "due", "overdue"):
            assert sum(row[name] for row in found[table]) == found["totals"][name]
        for result in DueResult:
            assert sum(row["results"].get(result, 0) for row in found[table]) == found["rates"]["answered"].get(
                result, 0
            )
    assert {row["code"] for row in found["classes"]} == {CATEGORY[:2] + "0000"}
    assert found["totals"]["overdue"] > 0


def test_a_group_is_one_matter_and_many_people(city: Any) -> None:
    from petitions.models import Petition

    group, alone = walk_to(State.HANDLING), file_petition()
    with transaction.atomic():
        event()
        Petition.objects.filter(pk=group.petition.pk).update(persons=20)
    assert alone.petition.persons == 1
    found = overview(figures.FIGURES, city.auditor, week_of(NOW.date()), NOW)
    assert (found["totals"]["open"], found["totals"]["open_persons"]) == (2, 21)
    assert sorted((row["open"], row["open_persons"]) for row in found["organs"]) == [(1, 1), (1, 20)]
    later = overview(figures.FIGURES, city.auditor, week_of(NOW.date()), NOW + timedelta(days=400))
    assert (later["totals"]["overdue"], later["totals"]["overdue_persons"]) == (2, 21)
    weeks = [(week["received"], week["received_persons"]) for week in found["trend"] if "received" in week]
    assert weeks == [(2, 21)]
