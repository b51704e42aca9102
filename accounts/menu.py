"""The menu of the desk: every app registers its items; they are chosen for a user, ordered and counted here."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import READERS, Kind, User


@dataclass(frozen=True)
class MenuItem:
    """An item of the menu: its page, the users who see it, and the rows that wait there."""

    address: str
    """The name of its address."""
    label: Any
    icon: str
    order: int
    shown: Callable[[User], bool]
    waiting: Callable[[User], QuerySet[Any]] | None = None
    position: Callable[[User], Hashable] | None = None
    """Everything about the user that `waiting` goes by: where it is the same, the statement that counts is. Without it
    that statement is compiled for every page."""


@dataclass(frozen=True)
class MenuEntry:
    """A menu item as one page shows it."""

    url: str
    label: Any
    icon: str
    count: int
    current: bool


Statement = tuple[str, tuple[Any, ...]]
MAX_COMPILED = 1000
_items: dict[str, MenuItem] = {}
_compiled: dict[Hashable, Statement] = {}
"""By item and position: to compile what walls and posts make of a count takes longer than to run it."""


def register(*items: MenuItem) -> None:
    _items.update({item.address: item for item in items})


def reads_records(user: User) -> bool:
    """Tells whether this person reads records at all: officials, inspectors and auditors do."""
    return user.kind == Kind.OFFICIAL or user.kind in READERS


def items_for(user: User) -> list[MenuItem]:
    """Returns the menu items of this user, in their order."""
    return sorted((item for item in _items.values() if item.shown(user)), key=lambda item: item.order)


def page_name(path: str) -> Any:
    """Returns the menu's label of the page at this path, or of the page above it; empty when there is none."""
    found = {reverse(item.address): item.label for item in _items.values()}
    above = [url for url in found if url != "/desk/" and path.startswith(url)]
    return found[max(above, key=len)] if above else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Adds the menu to the context of desk pages; lazy, so that htmx fragments do not query."""
    user = getattr(request, "user", None)  # none yet, where a request is refused before anybody asks who sends it
    if user is None or not request.path.startswith("/desk/"):
        return {}
    may = user.is_authenticated and not user.must_change_password  # who must change it finds every page closed
    return {"nav": SimpleLazyObject(lambda: _entries(user, request.path) if may else [])}


def _entries(user: User, path: str) -> list[MenuEntry]:
    items = items_for(user)
    counts = _counted(user, items)
    urls = [reverse(item.address) for item in items]
    return [
        MenuEntry(url, i.label, i.icon, counts.get(i.address, 0), path == url)
        for url, i in zip(urls, items, strict=True)
    ]


def _counted(user: User, items: Sequence[MenuItem]) -> dict[str, int]:
    """Counts what waits at each item, in one statement: every page of the desk runs it."""
    asked = {item.address: _statement(item, user) for item in items if item.waiting}
    if not asked:
        return {}
    counts = ", ".join(f"({count})" for count, _values in asked.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _count, values in asked.values() for value in values])
        return dict(zip(asked, cursor.fetchone(), strict=True))


def _statement(item: MenuItem, user: User) -> Statement:
    """Returns the statement that counts the rows that wait; its text and values are cached, its result never is."""
    assert item.waiting
    if item.position is None:
        return _compile(item.waiting(user))
    key = item.waiting, item.position(user)
    found = _compiled.get(key)
    if found is None:
        if len(_compiled) >= MAX_COMPILED:
            _compiled.clear()
        found = _compiled[key] = _compile(item.waiting(user))
    return found


def _compile(rows: QuerySet[Any]) -> Statement:
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"SELECT count(*) FROM ({sql}) AS waiting", tuple(values)  # noqa: S608 - the ORM's
