"""Search in Chinese: words in the texts of a record, or its number. Only among rows that exist for the reader.

A hit holds every word, letter for letter after folding (width, case, traditional characters). The index knows pairs of
characters: that is exact for words of one or two, and a longer word is looked for again in the texts that hold all of
its pairs. Common words hit half of everything, so hits are looked for from the newest on, in windows that grow until a
page is full. How common a word is, and with it how far a window reaches, the planner knows; if it errs, the page is
only slower.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, StrIndex
from django.utils import timezone

from massline.crypto import plain_code
from massline.hanzi import simplified, translation
from massline.pages import SIZE, Page, keyset, read_cursor
from massline.time import local_time
from records.search_index import query_for
from records.words import WORD

MAX_RESULTS = 1000
"""The newest hits that are listed; to find older ones the user narrows down."""
MAX_WORDS = 8
SEARCH_TIMEOUT = timedelta(seconds=3)
WINDOW = 2 * SIZE
"""A window reaches so far back that it should hold this many hits: what others see takes some of their places."""
WIDER = range(8, 65)
"""How many times as far the next window may reach, when one held too few."""
FEW = 400
"""So few hits are gathered all at once; so few texts are read through sooner than the hits of a common word."""
LAST_DIGITS = re.compile(r"\d{4,16}")
HAN = re.compile(r"[\u4e00-\u9fff]+")

FENCE = "OFFSET 0"  # the index decides what a hit is; the planner must not compute the pairs of row after row
# The planner holds reading every text through to be as quick as the index where nearly all of them are hits.
BY_INDEX = """
SELECT set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true)
"""


class TooBroad(Exception):
    """The search took too long and was broken off."""


@dataclass(frozen=True)
class SearchQuery:
    """A search as it was typed, parsed into words or a number."""

    words: tuple[str, ...]
    number: str = ""
    """A whole number of a record, and then nothing else."""
    start: str = ""
    """The beginning of one, and then nothing else."""
    digits: str = ""
    """Perhaps the last digits of one."""


@dataclass(frozen=True)
class Search:
    """Searching one kind of record.

    The table of its texts has an index of their pairs and of the hour of `received_at` together, one of `received_at`,
    and one of `reverse(number)` (petitions/models/search_index.py shows them).
    """

    model: type[Model]
    """Has the texts, `number` and `received_at`."""
    texts: tuple[str, ...]
    folded: type[Func]
    """A function of the database that joins and folds them: the same as in the index."""
    number: re.Pattern[str]
    """What a whole number looks like."""
    number_start: re.Pattern[str]
    """What the beginning of one looks like, a month of it at the least, with a dash where it may end."""
    plain_number: Callable[[str], str]
    """A number as typed, made canonical."""
    via: str = ""
    """The lookup from the record to that model; empty where they are the same."""

    def parse(self, typed: str) -> SearchQuery:
        """Parses what was typed, as a number or as words."""
        number, code = self.plain_number(typed), plain_code(typed)
        if self.number.fullmatch(number):
            return SearchQuery((), number)
        if self.number_start.fullmatch(number):
            return SearchQuery((), start=number.rstrip("-"))
        words = dict.fromkeys(WORD.findall(unicodedata.normalize("NFKC", typed)))
        return SearchQuery(tuple(words)[:MAX_WORDS], digits=code if LAST_DIGITS.fullmatch(code) else "")

    def matching(self, rows: QuerySet[Any], query: SearchQuery, since: datetime | None = None) -> QuerySet[Any]:
        """Narrows to the hits; with an hour (Shanghai, no zone) at least to those received in it or later."""
        if query.number:
            return rows.filter(**{self._lookup("number"): query.number})
        if query.start:
            return rows.filter(**{self._lookup("number__startswith"): query.start})
        if not query.words:
            return rows.none()
        late = (_SINCE, [since]) if since else ("", [])
        sql, params = self._hits + late[0], [query_for(query.words), *late[1]]
        if query.digits:
            by_digits = f"UNION SELECT {self._pk} FROM {self._table} WHERE reverse(number) LIKE %s "  # noqa: S608 -- ours
            sql, params = sql + by_digits + late[0], [*params, query.digits[::-1] + "%", *late[1]]
        found = RawSQL(sql + FENCE, params)  # noqa: S611 -- expressions of ours; what was typed is bound
        rows = rows.filter(**{self._lookup("pk__in"): found})
        return self._containing(rows, [word for word in query.words if len(word) > 2], query.digits)

    def page(self, rows: QuerySet[Any], query: SearchQuery, address: Mapping[str, Any]) -> Page:
        """Reads a page of the hits among these rows, newest first; raises BadCursor and TooBroad."""
        cursor, by = address.get("cursor", ""), self._lookup("received_at")
        newest_first = partial(keyset, cursor=cursor, query=address, by=by, newest_first=True, most=MAX_RESULTS)
        if query.number or not (query.words or query.start):
            return newest_first(self.matching(rows, query))
        with _limited_time():
            if query.start:
                return newest_first(self.matching(rows, query))
            return self._newest(rows, query, cursor, newest_first)

    def _newest(
        self, rows: QuerySet[Any], query: SearchQuery, cursor: str, page_of: Callable[[QuerySet[Any]], Page]
    ) -> Page:
        """Reads a page of the hits, looking near its edge and then ever further back."""
        backwards, after, _passed = read_cursor(cursor)
        if backwards and after and after[0]:
            hour = local_time(after[0]).replace(minute=0, second=0, microsecond=0, tzinfo=None)
            return page_of(self.matching(rows, query, hour))
        expected, reach = self._expected(query), WINDOW
        if expected <= FEW:
            return page_of(self.matching(rows, query))
        edge = after[0] if after and after[0] else timezone.now()
        while True:
            since = self._back_to(edge, reach, expected) if reach < expected else None
            page = page_of(self.matching(rows, query, since))
            if page.more or since is None:
                return page
            if reach == WINDOW and len(rows.order_by().values_list("pk")[: FEW + 1]) <= FEW:
                return page_of(self._containing(rows, query.words, query.digits))
            reach *= min(max(WINDOW // max(len(page.rows), 1), WIDER[0]), WIDER[-1])

    def _containing(self, rows: QuerySet[Any], words: Iterable[str], digits: str) -> QuerySet[Any]:
        """Narrows to rows whose texts contain each word in one piece, or whose number ends so."""
        texts, all_of = [self._lookup(name) for name in self.texts], Q()
        for n, word in enumerate(words):
            said = Func(self.folded(*map(F, texts)), *map(Value, translation(word)), function="translate")
            rows = rows.alias(**{f"_at{n}": StrIndex(said, Lower(Value(simplified(word))))})
            found = Q(**{f"_at{n}__gt": 0})
            if HAN.fullmatch(word):  # what folding leaves alone mostly stands there as it is, and folding takes time
                found = Q(*((f"{text}__contains", word) for text in texts), _connector=Q.OR) | found
            all_of &= found
        if all_of and digits:
            all_of |= Q(**{self._lookup("number__endswith"): digits})
        return rows.filter(all_of)

    def _expected(self, query: SearchQuery) -> int:
        """Returns how many hits the planner expects in all, from what it knows of how common each pair is."""
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) " + self._hits, [query_for(query.words)])
            return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])

    def _back_to(self, edge: datetime, hits: int, expected: int) -> datetime | None:
        """Returns the hour (Shanghai) back to which so many of the expected hits should lie before an edge; None: all
        do."""
        with connection.cursor() as cursor:
            cursor.execute(_BACK_TO.format(table=self._table), [edge, hits, expected])
            found = cursor.fetchone()
            return found[0] if found else None

    def _lookup(self, name: str) -> str:
        return f"{self.via}__{name}" if self.via else name

    @property
    def _table(self) -> str:
        return self.model._meta.db_table

    @property
    def _pk(self) -> str:
        return str(self.model._meta.pk.column)  # type: ignore[union-attr]

    @cached_property
    def _hits(self) -> str:
        return _HITS.format(pk=self._pk, table=self._table, folded=self.folded.function, texts=", ".join(self.texts))


_HOUR = "date_trunc('hour', received_at AT TIME ZONE 'Asia/Shanghai')"
_SINCE = f"AND {_HOUR} >= %s "  # one bound: a second one would have the index gather every hour up to it
_HITS = """
SELECT {pk} FROM {table}
WHERE records_bigrams({folded}({texts})) @@ lower(%s)::tsquery
"""
_BACK_TO = f"""
SELECT {_HOUR} FROM {{table}} WHERE received_at <= %s ORDER BY received_at DESC LIMIT 1
OFFSET (SELECT ceil(%s * greatest(reltuples / %s, 1))::bigint FROM pg_class WHERE oid = '{{table}}'::regclass)
"""  # noqa: S608 -- an expression of ours


@contextmanager
def _limited_time() -> Iterator[None]:
    """Has the queries inside use the index and limits their time; raises TooBroad."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(BY_INDEX, [str(int(SEARCH_TIMEOUT.total_seconds() * 1000))])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != "57014":
            raise
        raise TooBroad from error
