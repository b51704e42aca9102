"""The city: a register like any other, read by the same loader, and who does what in each of its organs."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from audit import log
from responsibility import events
from responsibility.demo import files
from responsibility.models import Region
from responsibility.register.loading import load as load_register
from responsibility.register.reading import register_of

REGION = "990100000000"


@dataclass
class Hands:
    """User names of the people of one organ, by what they do."""

    leader: str = ""
    intake: str = ""
    handler: str = ""
    deputies: dict[str, str] = field(default_factory=dict)
    """By the content class, or its first digits, that each is in charge of."""

    def in_charge_of(self, category: str) -> str:
        """The deputy whose classes hold this one, else the leader."""
        return next((self.deputies[category[:n]] for n in (4, 2) if category[:n] in self.deputies), self.leader)


def is_loaded() -> bool:
    return Region.objects.filter(code=REGION).exists()


def usernames() -> list[str]:
    return [person["username"] for person in files.city()["person"]]


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
    absent = {table: [_dated(row, day) for row in rows] for table, rows in files.absences().items()}
    city = {table: [*rows, *absent.get(table, [])] for table, rows in files.city().items()}
    load_register(register_of({**city, "absence": absent["absence"]}), make_password(password))
    return {user.username: user for user in User.objects.filter(username__in=usernames())}


def hands() -> dict[str, Hands]:
    """Who does what, by the code of the organ."""
    city = files.city()
    held = {(a["organ"], a["post"]): a["person"] for a in city["appointment"]}
    found: dict[str, Hands] = defaultdict(Hands)
    for post in city["post"]:
        organ = found[post["organ"]]
        person = held.get((post["organ"], post["name"]))
        if person is None:
            continue
        if post.get("is_top"):
            organ.leader = organ.leader or person
        elif post.get("is_intake"):
            organ.intake = person
            organ.handler = organ.handler or person
        elif post.get("in_charge_of"):
            organ.deputies |= dict.fromkeys(post["in_charge_of"], person)
        else:
            organ.handler = person
    return dict(found)


def _dated(row: dict[str, Any], day: date) -> dict[str, Any]:
    days = {
        "since": day - timedelta(days=row["since_days_ago"]),
        "until": day + timedelta(days=row["until_days_ahead"]),
    }
    return {name: value for name, value in row.items() if not name.endswith(("_ago", "_ahead"))} | days
