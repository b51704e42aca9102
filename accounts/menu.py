"""The menu of the desk: every app registers its items; they are chosen for a user, ordered and counted here."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import READERS, Kind, User
from massline.compiled import Statement, compile_ids, statement


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
    """Everything about the user that `waiting` and `needs` go by: where it is the same, their statements are. Without
    it they are compiled for every page."""
    needs: Callable[[User], QuerySet[Any]] | None = None
    """The rows of which there must be one for the item to be shown; read together with what waits."""


@dataclass(frozen=True)
class MenuEntry:
    """A menu item as one page shows it."""

    url: str
    label: Any
    icon: str
    count: int
    current: bool


_items: dict[str, MenuItem] = {}


def register(*items: MenuItem) -> None:
    _items.update({item.address: item for item in items})


def reads_records(user: User) -> bool:
    """Tells whether this person reads records at all: officials, inspectors and auditors do."""
    return user.kind == Kind.OFFICIAL or user.kind in READERS


def items_for(user: User) -> list[MenuItem]:
    """Returns the menu items of this user, in their order."""
    return [item for item, _count in _counted(user)]


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
    urls = [(reverse(item.address), item, count) for item, count in _counted(user)]
    return [MenuEntry(url, item.label, item.icon, count, path == url) for url, item, count in urls]


def _counted(user: User) -> list[tuple[MenuItem, int]]:
    """Returns the items of this user with how much waits at each, by one statement: every page of the desk runs it."""
    items = sorted((item for item in _items.values() if item.shown(user)), key=lambda item: item.order)
    asked = [part for item in items for part in (_count(item, user), _there(item, user))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _values in asked)}", [value for _sql, values in asked for value in values]
        )
        found = cursor.fetchone()
    return [(item, count) for item, count, there in zip(items, found[::2], found[1::2], strict=True) if there]


def _count(item: MenuItem, user: User) -> Statement:
    if item.waiting is None:
        return "0", ()
    sql, values = _statement(item.waiting, item, user)
    return f"(SELECT count(*) FROM ({sql}) AS waiting)", values  # noqa: S608 - the ORM's


def _there(item: MenuItem, user: User) -> Statement:
    if item.needs is None:
        return "true", ()
    sql, values = _statement(item.needs, item, user)
    return f"EXISTS ({sql})", values


def _statement(rows: Callable[[User], QuerySet[Any]], item: MenuItem, user: User) -> Statement:
    """Returns the statement that reads these rows; its text and values are cached, its result never is."""
    if item.position is None:
        return compile_ids(rows(user))
    return statement((rows, item.position(user)), lambda: rows(user))
