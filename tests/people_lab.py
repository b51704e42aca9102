"""What each person of the city reads, on their own pages: inbox, telling queue, ledger, work, chain; and stand-ins."""

import re
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

from django.test import Client

from accounts.models import User
from responsibility.models import Absence, Appointment
from tests.api import V1, token_for
from tests.city import ADMINISTRATION, NAMES

EVERYBODY = (*NAMES, *ADMINISTRATION)
NUMBER = re.compile(r"XF\d{8}-\d{6}")
TIME = r'<time datetime="[^"]*">(?P<time>[^<]+)</time>'
NOTICE = re.compile(rf'<div class="what"><p>(?:<a [^>]*>)?(?P<title>[^<]+).*?{TIME}', re.S)
TELLING = re.compile(
    rf'<summary><strong>(?P<title>[^<]+)</strong><span class="number">(?P<number>[^<]+).*?{TIME}</span></summary>', re.S
)
LINK = re.compile(
    r'<li class="link-of-chain.*?<span class="who">(?P<who>.*?)</span> <span class="quiet small">(?P<post>.*?)</span>'
    r"(?P<rest>.*?)</li>",
    re.S,
)
SKIPPED = re.compile(r"跳过：(?P<why>[^<]+)<")


def look(user: User, path: str, status: int = 200) -> str:
    """A page as this person reads it now."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    response = client.get(path)
    assert response.status_code == status, (user, path, response.status_code)
    return unescape(response.content.decode())


def rest(user: User, path: str, status: int = 200) -> Any:
    """What REST answers this person now."""
    response = Client().get(V1 + path, headers={"Authorization": f"Bearer {token_for(user)}"})
    assert response.status_code == status, (user, path, response.status_code)
    return response.json()


def inbox(user: User) -> list[tuple[str, str]]:
    """(when, what) of each line, oldest first: ("10:02", "转到本单位 XF…")."""
    found = NOTICE.finditer(look(user, "/desk/inbox/"))
    return sorted((line["time"], line["title"].strip()) for line in found)


def inboxes(city: SimpleNamespace) -> dict[tuple[str, str], set[str]]:
    """(when, what) -> whose inbox has it, over all the people of the city."""
    told: dict[tuple[str, str], set[str]] = {}
    for who in EVERYBODY:
        for line in inbox(getattr(city, who)):
            told.setdefault(line, set()).add(who)
    return told


def queues(city: SimpleNamespace) -> dict[tuple[str, str], set[str]]:
    """(when, letter) -> whose telling queue has it, over all the officials of the city."""
    waiting: dict[tuple[str, str], set[str]] = {}
    for who in NAMES:
        for item in TELLING.finditer(look(getattr(city, who), "/desk/letters/")):
            waiting.setdefault((item["time"], item["title"]), set()).add(who)
    return waiting


def who_lists(city: SimpleNamespace, number: str) -> set[str]:
    """In whose ledger it stands, and whom its page opens for: on pages and through REST, which must agree."""
    found = set()
    for who in EVERYBODY:
        user = getattr(city, who)
        seen = {
            "ledger": number in look(user, "/desk/ledger/"),
            "rest": number in {row["number"] for row in rest(user, "/petitions/")["results"]},
            "page": opens(user, f"/desk/petitions/{number}/"),
        }
        assert len(set(seen.values())) == 1, (who, seen)
        found |= {who} if seen["page"] else set()
    return found


def opens(user: User, path: str) -> bool:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    status = client.get(path).status_code
    assert status in (200, 404), (user, path, status)
    return status == 200


def chain_on(page: str) -> list[tuple[str, str, str]]:
    """(post, who is named in it, why it is passed over) of each link that a page shows."""
    found = []
    for link in LINK.finditer(page):
        why = SKIPPED.search(link["rest"])
        found.append((link["post"].split(" · ")[1], link["who"].strip(), why["why"].strip() if why else ""))
    return found


def away(who: User, since: date, until: date) -> Absence:
    """The holder is absent from `since` up to but without `until`."""
    held = Appointment.objects.get(user=who, kind="regular")
    return Absence.objects.create(appointment=held, since=since, until=until)


def stands_in(user: User, absence: Absence, since: date | None = None, until: date | None = None) -> Appointment:
    """Acts for the absentee, the whole time or a part of it."""
    return Appointment.objects.create(
        user=user, post=absence.appointment.post, kind="acting", because="absence", absence=absence,
        since=since or absence.since, until=until or absence.until,
    )  # fmt: skip
