"""The menu of the desk. Every app registers its items; here they are chosen for a user, ordered and counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import User


@dataclass(frozen=True)
class MenuItem:
    """A page that the menu leads to: who is shown it, and which rows wait there."""

    address: str
    """The name of its address."""
    label: Any
    icon: str
    order: int
    shown: Callable[[User], bool]
    waiting: Callable[[User], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class MenuEntry:
    """An item as the menu of one page shows it."""

    url: str
    label: Any
    icon: str
    count: int
    current: bool


_items: dict[str, MenuItem] = {}


def register(*items: MenuItem) -> None:
    _items.update({item.address: item for item in items})


def items_for(user: User) -> list[MenuItem]:
    """What this user's menu holds, in its order."""
    return sorted((item for item in _items.values() if item.shown(user)), key=lambda item: item.order)


def page_name(path: str) -> Any:
    """What the menu calls the page at this path, or the one that it lies below; empty when it is below none."""
    found = {reverse(item.address): item.label for item in _items.values()}
    above = [url for url in found if url != "/desk/" and path.startswith(url)]
    return found[max(above, key=len)] if above else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of templates: the menu for pages of the desk; lazy, so that parts of a page do not query."""
    user = getattr(request, "user", None)  # none yet, where a request is refused before anybody asks who sends it
    if user is None or not request.path.startswith("/desk/"):
        return {}
    may = user.is_authenticated and not user.must_change_password  # who must change it finds every page closed
    return {"nav": SimpleLazyObject(lambda: _entries(user, request.path) if may else [])}


def _entries(user: User, path: str) -> list[MenuEntry]:
    items = items_for(user)
    counts = _counted(user, items)
    return [
        MenuEntry(reverse(i.address), i.label, i.icon, counts.get(i.address, 0), path == reverse(i.address))
        for i in items
    ]


def _counted(user: User, items: Sequence[MenuItem]) -> dict[str, int]:
    """How much waits at each item, in one statement: every page of the desk asks this."""
    asked = {f"waiting_{i.address}": Coalesce(_number_of(i.waiting(user)), 0) for i in items if i.waiting}
    if not asked:
        return {}
    row: Any = User.objects.filter(pk=user.pk).values(**asked).get()
    return {name.removeprefix("waiting_"): count for name, count in row.items()}


def _number_of(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("*")).values("n"))
