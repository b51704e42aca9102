"""Search in Chinese: words in what a petition says, or a petition's number. Only among rows that exist for the reader.

A hit holds every word, letter for letter after folding (width, case). The index knows pairs of characters: that is
exact for words of one or two, and a longer word is looked for again in the texts that hold all of its pairs. Common
words hit half of everything, so hits are looked for from the newest on, in windows that grow until a page is full.
How common a word is, and with it how far a window reaches, the planner knows; if it errs, the page is only slower.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, StrIndex
from django.utils import timezone

from massline.crypto import plain_code
from massline.pages import SIZE, Page, keyset, read_cursor
from massline.time import local_time
from petitions.filing import plain_number
from petitions.models import Demand
from petitions.search_index import TEXTS, Folded

if TYPE_CHECKING:
    from petitions.filters import DemandFilter

MOST = 1000
"""The newest hits that are listed; whoever seeks further narrows down."""
MOST_WORDS = 8
ENOUGH = 2 * SIZE
"""A window reaches so far back that it should hold this many hits: what others see takes some of their places."""
WIDER = range(8, 65)
"""How many times as far the next window may reach, when one held too few."""
FEW = 400
"""So few hits are gathered all at once; so few texts are read through sooner than the hits of a common word."""
PATIENCE = timedelta(seconds=3)
NUMBER = re.compile(r"XF\d{8}-\d{4,}")
LAST_DIGITS = re.compile(r"\d{4,16}")
HAN = re.compile(r"[\u4e00-\u9fff]+")
WORD = re.compile(r"[^\W_]+")
PLACE = "petition__received_at"

HOUR = "date_trunc('hour', received_at AT TIME ZONE 'Asia/Shanghai')"
HITS = """
SELECT id FROM petitions_petition
WHERE petitions_bigrams(petitions_text(title, body, place, wish)) @@ petitions_sought(%s)
"""
BY_LAST_DIGITS = "UNION SELECT id FROM petitions_petition WHERE reverse(number) LIKE %s "
SINCE = f"AND {HOUR} >= %s "  # one bound: a second one would have the index gather every hour up to it
FENCE = "OFFSET 0"  # the index decides what a hit is; the planner must not compute the pairs of row after row
REACHING = f"""
SELECT {HOUR} FROM petitions_petition WHERE received_at <= %s ORDER BY received_at DESC LIMIT 1
OFFSET (SELECT ceil(%s * greatest(reltuples / %s, 1))::bigint
        FROM pg_class WHERE oid = 'petitions_petition'::regclass)
"""  # noqa: S608 -- an expression of ours
# The planner holds reading every text through to be as quick as the index where nearly all of them are hits.
BY_INDEX = """
SELECT set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true)
"""


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


def among(rows: QuerySet[Demand], sought: Sought, since: datetime | None = None) -> QuerySet[Demand]:
    """The rows that are hits; with an hour (Shanghai, no zone) at least those received in it or later."""
    if sought.number:
        return rows.filter(petition__number=sought.number)
    if not sought.words:
        return rows.none()
    late = (SINCE, [since]) if since else ("", [])
    sql, params = HITS + late[0], [list(sought.words), *late[1]]
    if sought.digits:
        sql, params = sql + BY_LAST_DIGITS + late[0], [*params, sought.digits[::-1] + "%", *late[1]]
    rows = rows.filter(petition_id__in=RawSQL(sql + FENCE, params))  # noqa: S611 -- constants; what was typed is bound
    return _saying(rows, [word for word in sought.words if len(word) > 2], sought.digits)


def _saying(rows: QuerySet[Demand], words: Iterable[str], digits: str) -> QuerySet[Demand]:
    """Those in whose texts each word stands in one piece, or whose number ends so."""
    said = Q()
    for n, word in enumerate(words):
        text = Folded(*(F(f"petition__{name}") for name in TEXTS))
        rows = rows.alias(**{f"_at{n}": StrIndex(text, Lower(Value(word)))})
        found = Q(**{f"_at{n}__gt": 0})
        if HAN.fullmatch(word):  # what folding leaves alone is mostly there to be seen, and folding a text takes time
            found = Q(*((f"petition__{name}__contains", word) for name in TEXTS), _connector=Q.OR) | found
        said &= found
    return rows.filter(said | Q(petition__number__endswith=digits) if said and digits else said)


def page_of(chosen: "DemandFilter", query: Mapping[str, Any]) -> Page:
    """A page of the ledger: in due-date order, or of a search's newest hits first; raises BadCursor and TooBroad."""
    cursor, rows = query.get("cursor", ""), chosen.qs
    sought = chosen.sought
    if sought is None:
        return keyset(rows, cursor, query)
    newest_first = partial(keyset, cursor=cursor, query=query, by=PLACE, newest_first=True, most=MOST)
    if sought.number or not sought.words:
        return newest_first(rows)
    with _patiently():
        return _newest(chosen.narrowed, sought, cursor, newest_first)


def _newest(rows: QuerySet[Demand], sought: Sought, cursor: str, page_of: Callable[[QuerySet[Demand]], Page]) -> Page:
    """A page of the hits, looked for near its edge and then ever further back."""
    backwards, after, _passed = read_cursor(cursor)
    if backwards and after and after[0]:
        hour = local_time(after[0]).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        return page_of(among(rows, sought, hour))
    expected, reach = _expected(sought), ENOUGH
    if expected <= FEW:
        return page_of(among(rows, sought))
    edge = after[0] if after and after[0] else timezone.now()
    while True:
        since = _reaching(edge, reach, expected) if reach < expected else None
        page = page_of(among(rows, sought, since))
        if page.more or since is None:
            return page
        if reach == ENOUGH and len(rows.order_by().values_list("pk")[: FEW + 1]) <= FEW:
            return page_of(_saying(rows, sought.words, sought.digits))
        reach *= min(max(ENOUGH // max(len(page.rows), 1), WIDER[0]), WIDER[-1])


def _expected(sought: Sought) -> int:
    """How many hits the planner expects in all, from what it knows of how common each pair is."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + HITS, [list(sought.words)])
        return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def _reaching(edge: datetime, hits: int, expected: int) -> datetime | None:
    """The hour (Shanghai) back to which so many of the expected hits should lie before an edge; None: all do."""
    with connection.cursor() as cursor:
        cursor.execute(REACHING, [edge, hits, expected])
        found = cursor.fetchone()
        return found[0] if found else None


@contextmanager
def _patiently() -> Iterator[None]:
    """What is asked inside goes by the index and may take so long; raises TooBroad."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(BY_INDEX, [str(int(PATIENCE.total_seconds() * 1000))])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != "57014":
            raise
        raise TooBroad from error
