"""Search in Chinese: words in what a petition says, or a petition's number. Only among rows that exist for the reader.

A hit holds every word, letter for letter after folding (width, case). The index knows pairs of characters: that is
exact for words of one or two, and a longer word is looked for again in the texts that hold all of its pairs. Common
words hit half of everything, so hits are looked for from the newest on, in windows that grow until a page is full.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, StrIndex
from django.utils import timezone

from massline.crypto import plain_code
from massline.pages import FAR_OFF, LONG_AGO, Page, keyset, read_cursor
from petitions.filing import plain_number
from petitions.models import Demand
from petitions.search_index import TEXTS, Folded

if TYPE_CHECKING:
    from petitions.filters import DemandFilter

MOST = 1000
"""The newest hits that are listed; whoever seeks further narrows down."""
MOST_WORDS = 8
NEAR, WIDER = 4000, 8
"""The first window holds so many petitions; the second reaches so many times as far back; the third knows no end."""
PATIENCE = timedelta(seconds=3)
NUMBER = re.compile(r"XF\d{8}-\d{4,}")
LAST_DIGITS = re.compile(r"\d{4,16}")
WORD = re.compile(r"[^\W_]+")
PLACE = "petition__received_at"

HITS = """
SELECT id FROM petitions_petition WHERE received_at BETWEEN %s AND %s
AND petitions_bigrams(petitions_text(title, body, place, wish)) @@ petitions_sought(%s)
"""
BY_LAST_DIGITS = """
UNION SELECT id FROM petitions_petition WHERE received_at BETWEEN %s AND %s AND reverse(number) LIKE %s
"""
FENCE = "OFFSET 0"  # the index decides what a hit is; the planner must not compute the pairs of row after row
NEAREST = {
    False: "SELECT received_at FROM petitions_petition WHERE received_at <= %s ORDER BY received_at DESC",
    True: "SELECT received_at FROM petitions_petition WHERE received_at >= %s ORDER BY received_at",
}


class TooBroad(Exception):
    """The search was broken off: it asks for too much at once."""


@dataclass(frozen=True)
class Sought:
    """What somebody typed, understood."""

    words: tuple[str, ...]
    number: str = ""
    """A whole petition number, and then nothing else."""
    digits: str = ""
    """Perhaps the last digits of one."""

    @classmethod
    def of(cls, typed: str) -> "Sought":
        number, code = plain_number(typed), plain_code(typed)
        if NUMBER.fullmatch(number):
            return cls((), number)
        words = dict.fromkeys(WORD.findall(unicodedata.normalize("NFKC", typed)))
        return cls(tuple(words)[:MOST_WORDS], digits=code if LAST_DIGITS.fullmatch(code) else "")


def among(
    rows: QuerySet[Demand], sought: Sought, since: datetime = LONG_AGO, until: datetime = FAR_OFF
) -> QuerySet[Demand]:
    """The rows that are hits, among petitions received from `since` to `until`, both included."""
    if sought.number:
        return rows.filter(petition__number=sought.number)
    if not sought.words:
        return rows.none()
    sql, params = HITS, [since, until, list(sought.words)]
    if sought.digits:
        sql, params = sql + BY_LAST_DIGITS, [*params, since, until, sought.digits[::-1] + "%"]
    rows = rows.filter(petition_id__in=RawSQL(sql + FENCE, params))  # noqa: S611 -- constants; what was typed is bound
    longer = [word for word in sought.words if len(word) > 2]
    if not longer:
        return rows
    said = Q()
    for n, word in enumerate(longer):
        text = Folded(*(F(f"petition__{name}") for name in TEXTS))
        rows = rows.alias(**{f"_at{n}": StrIndex(text, Lower(Value(word)))})
        said &= Q(**{f"_at{n}__gt": 0})
    return rows.filter(said | Q(petition__number__endswith=sought.digits) if sought.digits else said)


def page_of(chosen: "DemandFilter", query: Mapping[str, Any]) -> Page:
    """A page of the ledger: in due-date order, or of a search's newest hits first; raises BadCursor and TooBroad."""
    cursor, rows = query.get("cursor", ""), chosen.qs
    sought = chosen.sought
    if sought is None:
        return keyset(rows, cursor, query)
    if sought.number or not sought.words:
        return keyset(rows, cursor, query, by=PLACE, newest_first=True, most=MOST)
    backwards, after, _passed = read_cursor(cursor)
    edge = after[0] if after else None
    with _patiently(edge or (LONG_AGO if backwards else FAR_OFF), backwards) as windows:
        for since, until in windows:
            hits = among(chosen.narrowed, sought, since, until)
            page = keyset(hits, cursor, query, by=PLACE, newest_first=True, most=MOST)
            if page.more:
                break
    return page


@contextmanager
def _patiently(edge: datetime, backwards: bool) -> Iterator[list[tuple[datetime, datetime]]]:
    """The windows from an edge on, each containing the one before; what is asked inside may take so long."""
    patience = str(int(PATIENCE.total_seconds() * 1000))
    sql = f"SELECT set_config('statement_timeout', %s, true), ({NEAREST[backwards]} OFFSET {NEAR} LIMIT 1)"
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, [patience, edge])
                near = cursor.fetchone()[1]
            yield _windows(edge, near, backwards)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != "57014":
            raise
        raise TooBroad from error


def _windows(edge: datetime, near: datetime | None, backwards: bool) -> list[tuple[datetime, datetime]]:
    whole = (edge, FAR_OFF) if backwards else (LONG_AGO, edge)
    if near is None:
        return [whole]
    if backwards:
        return [(edge, near), (edge, near + WIDER * (near - edge)), whole]
    return [(near, edge), (near - WIDER * (min(edge, timezone.now()) - near), edge), whole]
