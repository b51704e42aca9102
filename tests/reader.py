"""Pages as somebody reads them: the words without markup, in the language asked for."""

import re
from html import unescape
from typing import Any

from django.db import transaction
from django.test import Client

CHINESE, ENGLISH = "zh-hans", "en"
TAG = re.compile(r"<[^>]+>")
UNSEEN = re.compile(r"<(script|style|template|svg)\b.*?</\1>", re.S)


def words(html: str) -> str:
    """The text of a page or of a part of it; what tags divide is divided by one blank."""
    return " ".join(unescape(TAG.sub(" ", UNSEEN.sub(" ", html))).split())


def reader(user: Any = None, language: str = CHINESE) -> Client:
    """A browser in that language, signed in when there is a user."""
    client = Client(headers={"Accept-Language": language})
    client.cookies["django_language"] = language
    if user is not None:
        with transaction.atomic():
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def source(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def page(user: Any, path: str, language: str = CHINESE) -> str:
    """All words of a page of the desk, as this official reads them."""
    return words(source(reader(user, language), path))


def part(html: str, pattern: str) -> str:
    """The words of the one part of a page that this pattern finds."""
    found = re.findall(pattern, html, re.S)
    assert len(found) == 1, (pattern, len(found))
    return words(found[0])


def row(html: str, number: str) -> str:
    """The words of the line of a table that has this number."""
    found = [line for line in re.findall(r"<tr\b.*?</tr>", html, re.S) if number in line]
    assert len(found) == 1, (number, len(found))
    return words(found[0])


def owed(html: str, title: str) -> str:
    """The words of what is owed under this title, without how the date was counted."""
    items = [
        words(item.split("<details")[0])
        for item in re.findall(r'<li class="due.*?(?=<li class="due|</ul>)', html, re.S)
    ]
    found = [text for text in items if text.startswith(title)]
    assert len(found) == 1, (title, items)
    return found[0]


def counting(html: str, title: str) -> str:
    """The words of how the date of what is owed under this title was counted."""
    items = re.findall(r'<li class="due.*?</details>', html, re.S)
    found = [words(item.split("<details")[1].partition(">")[2]) for item in items if words(item).startswith(title)]
    assert len(found) == 1, (title, len(items))
    return found[0]


def tracked(filed: Any, language: str = CHINESE) -> str:
    """The page that number and code open, with its markup."""
    client = reader(None, language)
    opened = client.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    assert opened.status_code == 302
    return source(client, "/track/own/")
