"""The city: a register like any other, read by the same loader."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from audit import log
from petitions import events
from petitions.demo.data import city as city_file
from petitions.demo.data import read
from responsibility.models import Region
from responsibility.register.loading import load as load_register
from responsibility.register.reading import register_of

REGION = "990100000000"


def is_loaded() -> bool:
    return Region.objects.filter(code=REGION).exists()


def usernames() -> list[str]:
    return [person["username"] for person in city_file()["person"]]


def set_password(password: str) -> bool:
    """Gives every demo account this password; says whether any had another."""
    users = User.objects.filter(username__in=usernames()).order_by("pk")
    first = users.first()
    if first is None or first.check_password(password):
        return False
    with transaction.atomic():
        log.record(events.DEMO_PASSWORD_SET)
        users.update(password=make_password(password), must_change_password=False)
    return True


def load(password: str, day: date) -> dict[str, User]:
    """Loads the city as of a day; returns its people by user name. One password for all, hashed once: that is slow."""
    absent = {table: [_dated(row, day) for row in rows] for table, rows in read("absences").items()}
    city = {table: [*rows, *absent.get(table, [])] for table, rows in city_file().items()}
    load_register(register_of({**city, "absence": absent["absence"]}), make_password(password))
    return {user.username: user for user in User.objects.filter(username__in=usernames())}


def _dated(row: dict[str, Any], day: date) -> dict[str, Any]:
    days = {
        "since": day - timedelta(days=row["since_days_ago"]),
        "until": day + timedelta(days=row["until_days_ahead"]),
    }
    return {name: value for name, value in row.items() if not name.endswith(("_ago", "_ahead"))} | days
