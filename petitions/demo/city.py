"""The city: regions, organs, posts, people, and who holds which post."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from audit import log
from petitions import events
from petitions.demo.data import city as city_file
from petitions.models import NamedReader
from responsibility.models import Absence, Appointment, AppointmentKind, Organ, OrganKind, Post, Region

READERS_SINCE = date(2024, 1, 1)


def is_loaded() -> bool:
    return Region.objects.filter(code=city_file()["city"]["region"]).exists()


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
        users.update(password=make_password(password))
    return True


def load(password: str, day: date) -> dict[str, User]:
    """Loads the city as of a day, under the caller's event; returns its people by user name."""
    data = city_file()
    organs = _organs(data["organ"], _regions(data["region"]))
    posts = _posts(data["post"], organs)
    people = _people(data["person"], password)
    _appointments(data, posts, people, day)
    _readers(data["city"]["accusation_readers"], people)
    return people


def _regions(rows: list[dict[str, Any]]) -> dict[str, Region]:
    """Parents stand before their children in the file."""
    found: dict[str, Region] = {}
    for row in rows:
        parent = found[row["parent"]] if row["parent"] else None
        found[row["code"]] = Region.objects.create(code=row["code"], name=row["name"], parent=parent)
    return found


def _organs(rows: list[dict[str, Any]], regions: dict[str, Region]) -> dict[str, Organ]:
    found: dict[str, Organ] = {}
    for row in rows:
        found[row["key"]] = Organ.objects.create(
            code=row["key"],
            name=row["name"],
            kind=row["kind"],
            region=regions[row["region"]],
            parent=found[row["parent"]] if row["parent"] else None,
            valid_from=row["valid_from"],
            **{name: row.get(name, "") for name in ("address", "telephone", "hours")},
        )
    return found


def _posts(rows: list[dict[str, Any]], organs: dict[str, Organ]) -> dict[str, Post]:
    return {
        row["key"]: Post.objects.create(
            organ=organs[row["organ"]],
            name=row["name"],
            is_top=row.get("is_top", False),
            is_intake=row.get("is_intake", False),
            in_charge_of=row.get("in_charge_of", []),
        )
        for row in rows
    }


def _people(rows: list[dict[str, Any]], password: str) -> dict[str, User]:
    """One password for all, hashed once: hashing is slow by design."""
    hashed = make_password(password)
    return {
        row["username"]: User.objects.create(
            username=row["username"], name=row["name"], kind=row["kind"], password=hashed
        )
        for row in rows
    }


def _appointments(data: dict[str, Any], posts: dict[str, Post], people: dict[str, User], day: date) -> None:
    """Who holds a post, then who is away, then who stands in for them."""
    absences: dict[str, Absence] = {}
    rows = sorted(data["appointment"], key=lambda row: row["kind"] == AppointmentKind.ACTING)
    for row in rows:
        if row["kind"] == AppointmentKind.ACTING and not absences:
            absences = _absences(data["absence"], posts, people, day)
        since, until = _from_to(row, day)
        Appointment.objects.create(
            user=people[row["person"]],
            post=posts[row["post"]],
            kind=row["kind"],
            since=since,
            until=until,
            because=row.get("because", ""),
            absence=absences.get(row.get("absence", "")),
        )


def _absences(
    rows: list[dict[str, Any]], posts: dict[str, Post], people: dict[str, User], day: date
) -> dict[str, Absence]:
    found = {}
    for row in rows:
        held = Appointment.objects.get(post=posts[row["post"]], user=people[row["person"]])
        since, until = _from_to(row, day)
        assert until is not None
        found[row["key"]] = Absence.objects.create(appointment=held, since=since, until=until)
    return found


def _from_to(row: dict[str, Any], day: date) -> tuple[date, date | None]:
    since = day - timedelta(days=row["since_days_ago"]) if "since_days_ago" in row else row["since"]
    until = day + timedelta(days=row["until_days_ahead"]) if "until_days_ahead" in row else row.get("until")
    return since, until


def _readers(usernames: list[str], people: dict[str, User]) -> None:
    """Each reads the accusations of the petition office in which they hold a post (Art. 30)."""
    for username in usernames:
        user = people[username]
        office = Organ.objects.get(kind=OrganKind.PETITION_OFFICE, posts__appointments__user=user)
        log.record(events.READER_NAMED, subject=log.Subject("organ", office.code), facts={"reader": user.name})
        NamedReader.objects.create(user=user, office=office, since=READERS_SINCE)
