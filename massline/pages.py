"""Keyset pages: the next page costs the same however far down it is, and no row is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import F, Q, QuerySet

SIZE = 50
SALT = "massline.pages"


class BadCursor(BadRequest):
    """Not a cursor that one of our pages gave; answered with 400."""


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str | None
    """The query string of the next page."""
    previous: str | None


def keyset(
    rows: QuerySet[Any],
    cursor: str,
    query: Mapping[str, Any],
    *,
    by: str = "due_at",
    newest_first: bool = False,
    size: int = SIZE,
) -> Page:
    """A page in the order of a date column (rows without a date last) and the id; raises BadCursor."""
    backwards, after = _read(cursor)
    down = newest_first != backwards
    found = list(_ordered(_beyond(rows, by, after, down, backwards), by, down, backwards)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and (more if backwards else after is not None)
    return Page(
        found,
        _link(query, by, found[-1], False) if has_next else None,
        _link(query, by, found[0], True) if has_previous else None,
    )


def _ordered(rows: QuerySet[Any], by: str, down: bool, nulls_first: bool) -> QuerySet[Any]:
    date = F(by).desc if down else F(by).asc
    order = date(nulls_first=True) if nulls_first else date(nulls_last=True)
    return rows.order_by(order, "-id" if down else "id")


def _beyond(
    rows: QuerySet[Any], by: str, after: tuple[datetime | None, int] | None, down: bool, backwards: bool
) -> Any:
    if after is None:
        return rows
    date, pk = after
    further = Q(**{f"id__{'lt' if down else 'gt'}": pk})
    if date is None:
        beyond = Q(**{by: None}) & further
        return rows.filter(beyond | Q(**{f"{by}__isnull": False}) if backwards else beyond)
    beyond = Q(**{f"{by}__{'lt' if down else 'gt'}": date}) | (Q(**{by: date}) & further)
    return rows.filter(beyond if backwards else beyond | Q(**{by: None}))


def _read(cursor: str) -> tuple[bool, tuple[datetime | None, int] | None]:
    if not cursor:
        return False, None
    try:
        backwards, date, pk = signing.loads(cursor, salt=SALT)
        return bool(backwards), (datetime.fromisoformat(date) if date else None, int(pk))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor("not a cursor of ours") from error


def _link(query: Mapping[str, Any], by: str, row: Any, backwards: bool) -> str:
    date = getattr(row, by)
    cursor = signing.dumps([backwards, date.isoformat() if date else None, row.pk], salt=SALT)
    kept = {name: value for name, value in query.items() if name not in ("cursor", "format")}
    return "?" + urlencode(kept | {"cursor": cursor})
