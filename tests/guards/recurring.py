"""Recurring duties of posts, and their periods."""

from datetime import date
from typing import Any

from responsibility.models import DutyPeriod, PostDuty
from tests.guards import refused

FIRST, NEXT = date(2026, 11, 1), date(2026, 12, 1)


def _duty(city: Any, **more: Any) -> PostDuty:
    return PostDuty.objects.create(**{"post": city.post["handler"], "rule": "OL01", "since": FIRST} | more)


def _period(city: Any, number: str = "LX-1", **more: Any) -> DutyPeriod:
    return DutyPeriod.objects.create(
        **{"number": number, "post": city.post["handler"], "rule": "OL01", "since": FIRST, "until": NEXT} | more
    )


@refused("one_duty_of_a_post")
def _(city):
    _duty(city)
    _duty(city, since=NEXT)


@refused("post_duty_dates")
def _(city):
    _duty(city, until=FIRST)


@refused("one_period_a_duty")
def _(city):
    _period(city)
    _period(city, "LX-2", since=date(2026, 11, 30))


@refused("duty_period_dates")
def _(city):
    _period(city, until=FIRST)


@refused("duty_period_state")
def _(city):
    _period(city, state="forgotten")


@refused("missed_stays")
def a_missed_period_fulfilled(city):
    _period(city, state="missed")
    DutyPeriod.objects.update(state="fulfilled")


@refused("missed_stays")
def a_missed_period_moved(city):
    _period(city, state="missed")
    DutyPeriod.objects.update(until=date(2027, 1, 1))
