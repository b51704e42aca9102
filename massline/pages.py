"""Pages lists by keyset: the next page costs the same however far down it is, and no row is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from massline import crypto

SIZE = 50
CURSOR = "cursor"
FAR_FUTURE = datetime(9999, 12, 30, tzinfo=UTC)
FAR_PAST = datetime(1, 1, 2, tzinfo=UTC)


class BadCursor(BadRequest):
    """The cursor is not one that our pages gave; answered with 400."""


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str | None
    """The query string of the next page."""
    previous: str | None
    more: bool
    """Whether more rows follow in the direction that was asked for, within or beyond the `most`."""


def keyset(
    rows: QuerySet[Any],
    cursor: str,
    query: Mapping[str, Any],
    *,
    by: str = "due_at",
    newest_first: bool = False,
    size: int = SIZE,
    most: int | None = None,
) -> Page:
    """Returns a page in the order of a date column (rows without a date last) and the id; raises BadCursor.

    No page leads beyond the first `most` rows.
    """
    backwards, after, passed = read_cursor(cursor)
    down = newest_first != backwards
    placed = rows.alias(_place=place(rows, by, newest_first)).order_by(
        "-_place" if down else "_place", "-id" if down else "id"
    )
    found = list(_beyond(placed, after, down, newest_first)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    before = max(passed - len(found), 0) if backwards else passed
    upto = before + len(found)
    has_next = bool(found) and (more or backwards) and (most is None or upto < most)
    has_previous = bool(found) and (more if backwards else after is not None)
    return Page(
        found,
        _link(query, by, found[-1], False, upto) if has_next else None,
        _link(query, by, found[0], True, before) if has_previous else None,
        more,
    )


def place(rows: QuerySet[Any], by: str, newest_first: bool = False) -> Combinable:
    """Returns the expression of the order: one value that is never empty, so that an index can begin in the middle."""
    undated = FAR_PAST if newest_first else FAR_FUTURE
    # In a joined table an index in this order tempts the planner to walk all of it for the few rows that are chosen.
    return dated(by, undated) if "__" in by or rows.model._meta.get_field(by).null else F(by)


def dated(by: str, undated: datetime = FAR_FUTURE) -> Coalesce:
    """Returns a date; for rows without one, one after (or before) all others. Indexes on this expression serve the
    pages."""
    return Coalesce(by, Value(undated))


def _beyond(rows: QuerySet[Any], after: tuple[datetime | None, int] | None, down: bool, newest_first: bool) -> Any:
    if after is None:
        return rows
    date, pk = after
    here = date or (FAR_PAST if newest_first else FAR_FUTURE)
    further = "lt" if down else "gt"
    at_or_beyond = Q(**{f"_place__{further}e": here})  # which the index can begin with
    return rows.filter(at_or_beyond, Q(**{f"_place__{further}": here}) | Q(**{f"id__{further}": pk}))


def read_cursor(cursor: str) -> tuple[bool, tuple[datetime | None, int] | None, int]:
    """Tells whether it leads backwards, from which row (its date and id), and how many rows come before that place."""
    if not cursor:
        return False, None, 0
    try:
        backwards, date, pk, passed = open_cursor(cursor)
        return bool(backwards), (datetime.fromisoformat(date) if date else None, int(pk)), int(passed)
    except (ValueError, TypeError) as error:
        raise BadCursor("not a cursor of ours") from error


def open_cursor(cursor: str) -> Any:
    """Opens a sealed place; raises BadCursor."""
    try:
        return crypto.open_token(CURSOR, cursor)
    except crypto.Unreadable as error:
        raise BadCursor("not a cursor of ours") from error


def seal_cursor(place: list[Any]) -> str:
    """Seals a place in a list, which only we can read: it names a row by its id."""
    return crypto.seal_token(CURSOR, place)


def _link(query: Mapping[str, Any], by: str, row: Any, backwards: bool, passed: int) -> str:
    date = attrgetter(by.replace("__", "."))(row)
    cursor = seal_cursor([backwards, date.isoformat() if date else None, row.pk, passed])
    kept = {name: value for name, value in query.items() if name not in ("cursor", "format")}
    return "?" + urlencode(kept | {"cursor": cursor})
