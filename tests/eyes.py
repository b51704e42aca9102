"""All that somebody can look at, to compare before and after."""

import re
from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from petitions.models import State
from responsibility.sweep import sweep
from tests.api import V1, token_for
from tests.city import walk_to

UNKNOWN = "XF20200101-000009"
LISTS = (
    "/desk/",
    "/desk/inbox/",
    "/desk/undelivered/",
    "/desk/letters/",
    "/desk/escalations/",
    "/desk/ledger/",
    "/desk/ledger/?q=强拆",
    "/desk/ledger/?q=强",
    "/desk/ledger/?q=开发商的钱",
    "/desk/ledger/?q=幸福里&state=received",
    "/desk/ledger/?q={number}",
    "/desk/ledger/?state=received",
    "/desk/ledger/?state=registered",
    "/desk/ledger/?state=handling",
    "/desk/ledger/?organ=office",
    "/desk/ledger/?organ=department",
    "/desk/ledger/?category=010000",
    "/desk/ledger/?overdue=true",
    "/desk/ledger/?overdue=false",
    V1 + "/petitions/",
    V1 + "/petitions/?q=强拆",
    V1 + "/petitions/?q=带人",
    V1 + "/petitions/?q={number}",
    V1 + "/petitions/?state=received",
    V1 + "/petitions/?organ=department&category=010101",
    V1 + "/petitions/?overdue=true",
    V1 + "/escalations/",
)
"""Every list, with its numbers, filters and searches; the rail with its counts stands on each page of the desk."""
TOKEN = re.compile(r'name="(?:csrfmiddlewaretoken|draft)" value="[\w=-]+"')


class Eyes:
    """All that somebody can look at."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        self.headers = {"Authorization": f"Bearer {token_for(user)}"}

    def look(self, path: str) -> tuple[int, str]:
        response = self.client.get(path, headers=self.headers if path.startswith(V1) else {})
        return response.status_code, TOKEN.sub("", response.content.decode())

    def post(self, path: str, data: Any) -> tuple[int, str]:
        if path.startswith(V1):
            response = self.client.post(path, data, content_type="application/json", headers=self.headers)
        else:
            response = self.client.post(path, data)
        return response.status_code, TOKEN.sub("", response.content.decode())

    def send(self, path: str) -> tuple[int, str]:
        """What an empty form is answered."""
        return self.post(path, {})

    def everything(self, number: str = UNKNOWN) -> dict[str, tuple[int, str]]:
        seen = {path: self.look(path.format(number=number)) for path in LISTS}
        return {path: (status, text.replace(number, UNKNOWN)) for path, (status, text) in seen.items()}


def everything(city: SimpleNamespace, people: Iterable[str]) -> dict[str, dict[str, tuple[int, str]]]:
    return {who: Eyes(getattr(city, who)).everything() for who in people}


def differences(city: SimpleNamespace, before: dict[str, Any], number: str, but_for: str = "$^") -> list[str]:
    """Lists who sees something else where; what a pattern matches may differ."""

    def but(answer: tuple[int, str]) -> tuple[int, str]:
        return answer[0], re.sub(but_for, "", answer[1])

    faults = []
    for who, seen in before.items():
        now = Eyes(getattr(city, who)).everything(number)
        faults += [f"{who} {path}" for path in seen if but(seen[path]) != but(now[path])]
    return faults


def background() -> None:
    """Something to see for everybody, with nothing left to do about it, so that no sweep changes it."""
    walk_to(State.CLOSED)


def climbed_to_the_root() -> None:
    for days in range(1, 60, 7):
        sweep(timezone.now() + timedelta(days=days))


def assert_same_404(got: tuple[int, str], unknown: tuple[int, str], number: str) -> None:
    """For an administration the same 403: it is refused before anything is looked for."""
    assert got[0] == unknown[0] and got[0] in (403, 404)
    assert got[1].replace(number, UNKNOWN) == unknown[1]
