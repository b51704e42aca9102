"""Search in Chinese: words in the texts of a record or in the name of its content class, its title by its sound
(pinyin), or its number. Only among rows
that exist for the reader.

A hit holds every word, letter for letter after folding (width, case, traditional characters). The index knows pairs of
characters: that is exact for words of one or two, and a longer word is looked for again in the texts that hold all of
its pairs. Common words hit half of everything, so hits are looked for from the newest on, in windows that grow until a
page is full. How common a word is, and with it how far a window reaches, the planner knows; if it errs, the page is
only slower.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, StrIndex
from django.utils import timezone

from massline.crypto import plain_code
from massline.hanzi import simplified, translation
from massline.pages import SIZE, Page, keyset, read_cursor
from massline.pinyin import heard_in, syllables, ways_to_read
from massline.time import local_time
from records.search_index import Bigrams, Sounds, query_for, sounds_for
from records.words import WORD
from responsibility import content_classes

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


@dataclass(frozen=True)
class NamedClasses:
    """Classes that words of a search name, and the words that a record of them still has to have in its texts."""

    codes: tuple[str, ...]
    besides: tuple[str, ...]


Condition = tuple[str, list[Any]]
"""SQL, and what is bound to it."""


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
    sounds: tuple[str, ...] = ()
    """Words in Latin letters that may be pinyin: perhaps a title sounds so."""
    besides: tuple[str, ...] = ()
    """The words that a record with such a title still has to have in its texts."""
    classes: tuple[NamedClasses, ...] = ()

    def heard_in(self, title: str) -> tuple[str, ...]:
        """Returns the parts of a title that sound as asked; empty unless it sounds so in every word."""
        heard = [heard_in(title, letters) for letters in self.sounds]
        return tuple(part for parts in heard for part in parts) if all(heard) else ()


@dataclass(frozen=True)
class Search:
    """Searching one kind of record.

    The table of its texts has an index of their pairs and of the hour of `received_at` together, one of the sounds of
    `title` and that hour, one of `received_at`, and one of `reverse(number)` (petitions/models/search_index.py).
    """

    model: type[Model]
    """Has the texts, `title`, `number` and `received_at`."""
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
    classed: type[Model] | None = None
    """The record, whose `category` is looked in too: it has an index of that and of `received_at` together."""

    def parse(self, typed: str) -> SearchQuery:
        """Parses what was typed, as a number or as words."""
        number, code = self.plain_number(typed), plain_code(typed)
        if self.number.fullmatch(number):
            return SearchQuery((), number)
        if self.number_start.fullmatch(number):
            return SearchQuery((), start=number.rstrip("-"))
        words = tuple(dict.fromkeys(WORD.findall(unicodedata.normalize("NFKC", typed))))[:MAX_WORDS]
        sounds, besides = _heard(words)
        digits = code if LAST_DIGITS.fullmatch(code) else ""
        classes = _named(words) if self.classed else ()
        return SearchQuery(words, digits=digits, sounds=sounds, besides=besides if sounds else (), classes=classes)

    def matching(self, rows: QuerySet[Any], query: SearchQuery, since: datetime | None = None) -> QuerySet[Any]:
        """Narrows to the hits; with an hour (Shanghai, no zone) at least to those received in it or later."""
        if query.number:
            return rows.filter(**{self._lookup("number"): query.number})
        if query.start:
            return rows.filter(**{self._lookup("number__startswith"): query.start})
        if not query.words:
            return rows.none()
        rows = rows.filter(**{self._lookup("pk__in"): self._found(self._ways(query), since, query.classes)})
        return self._containing(rows, query, [word for word in query.words if len(word) > 2])

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
                return page_of(self._containing(rows, query, query.words))
            reach *= min(max(WINDOW // max(len(page.rows), 1), WIDER[0]), WIDER[-1])

    def _containing(self, rows: QuerySet[Any], query: SearchQuery, words: Collection[str]) -> QuerySet[Any]:
        """Narrows to rows whose texts contain each of these words in one piece, or that are hits in another way."""
        if not words:
            return rows
        contained = {}
        for n, word in enumerate(words):
            said = Func(
                self.folded(*(F(self._lookup(text)) for text in self.texts)),
                *map(Value, translation(word)),
                function="translate",
            )
            rows = rows.alias(**{f"_at{n}": StrIndex(said, Lower(Value(simplified(word))))})
            contained[word] = Q(**{f"_at{n}__gt": 0})
            if HAN.fullmatch(word):  # what folding leaves alone mostly stands there as it is, and folding takes time
                contained[word] |= Q(
                    *((self._lookup(f"{text}__contains"), word) for text in self.texts), _connector=Q.OR
                )
        hit = Q(*contained.values())
        if query.digits:
            hit |= Q(**{self._lookup("number__endswith"): query.digits})
        if query.sounds:
            heard = Q(**{self._lookup("pk__in"): self._found([self._by_sound(query)])})
            hit |= heard & Q(*(contained[word] for word in query.besides if word in contained))
        for named in query.classes:
            hit |= Q(category__in=named.codes) & Q(*(contained[word] for word in named.besides if word in contained))
        return rows.filter(hit)

    def _expected(self, query: SearchQuery) -> int:
        """Returns how many hits the planner expects in all, from what it knows of how common each pair is."""
        sql, params = self._select(self._ways(query), named=query.classes)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) " + sql, params)
            return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])

    def _ways(self, query: SearchQuery) -> list[Condition]:
        """Returns the conditions of which a hit meets one, each with what it is asked for and an index of its own."""
        ways = [self._by_words(query.words)]
        if query.digits:
            ways.append(("reverse(number) LIKE %s", [query.digits[::-1] + "%"]))
        return [*ways, self._by_sound(query)] if query.sounds else ways

    def _by_words(self, words: Iterable[str]) -> Condition:
        texts = f"{self.folded.function}({', '.join(self.texts)})"
        return f"{Bigrams.function}({texts}) @@ lower(%s)::tsquery", [query_for(words)]

    def _by_sound(self, query: SearchQuery) -> Condition:
        sounds = " & ".join(f"({sounds_for(letters)})" for letters in query.sounds)
        sql, params = f"{Sounds.function}(title) @@ %s::tsquery", [sounds]
        if query.besides:
            besides, more = self._by_words(query.besides)
            return f"{sql} AND {besides}", params + more
        return sql, params

    def _found(
        self, ways: list[Condition], since: datetime | None = None, named: tuple[NamedClasses, ...] = ()
    ) -> RawSQL:
        """Selects the rows that meet one of these conditions; the index decides what a hit is."""
        sql, params = self._select(ways, since, named)
        return RawSQL(sql + FENCE, params)  # noqa: S611 -- expressions of ours; what was typed is bound

    def _select(
        self, ways: list[Condition], since: datetime | None = None, named: tuple[NamedClasses, ...] = ()
    ) -> Condition:
        selects = [self._meeting(way, since) for way in ways] + [self._of_classes(each, since) for each in named]
        return "UNION ".join(sql for sql, _params in selects), [each for _sql, params in selects for each in params]

    def _meeting(self, way: Condition, since: datetime | None) -> Condition:
        condition, params = way
        late, hour = (_SINCE, [since]) if since else ("", [])
        return f"SELECT {self._pk} FROM {self._table} WHERE {condition} {late}", [*params, *hour]  # noqa: S608 -- ours

    def _of_classes(self, named: NamedClasses, since: datetime | None) -> Condition:
        """Selects the records of these classes by their own index, and of them those with the other words."""
        assert self.classed is not None
        meta = self.classed._meta
        pk = meta.get_field(self.via).column if self.via else meta.pk.column  # type: ignore[union-attr]
        late, hour = ("AND received_at >= %s AT TIME ZONE 'Asia/Shanghai' ", [since]) if since else ("", [])
        sql = f"SELECT {pk} FROM {meta.db_table} WHERE category = ANY(%s) {late}"  # noqa: S608 -- ours
        if not named.besides:
            return sql, [list(named.codes), *hour]
        meeting, params = self._meeting(self._by_words(named.besides), since)
        return f"{meeting} INTERSECT {sql}", [*params, list(named.codes), *hour]

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


_HOUR = "date_trunc('hour', received_at AT TIME ZONE 'Asia/Shanghai')"
_SINCE = f"AND {_HOUR} >= %s "  # one bound: a second one would have the index gather every hour up to it
_BACK_TO = f"""
SELECT {_HOUR} FROM {{table}} WHERE received_at <= %s ORDER BY received_at DESC LIMIT 1
OFFSET (SELECT ceil(%s * greatest(reltuples / %s, 1))::bigint FROM pg_class WHERE oid = '{{table}}'::regclass)
"""  # noqa: S608 -- an expression of ours


def _heard(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the words that may be pinyin, and the others. Single syllables in a row are one word: zao yin."""
    sounds, besides = [], []
    for alone, group in groupby(words, lambda word: word.lower() in syllables()):
        said = [*group]
        for parts in [said] if alone else [[word] for word in said]:
            letters = "".join(parts).lower()
            if ways_to_read(letters):
                sounds.append(letters)
            else:
                besides += parts
    return tuple(sounds), tuple(besides)


def _named(words: tuple[str, ...]) -> tuple[NamedClasses, ...]:
    """Returns the classes that words name; those named by the same words together."""
    naming: dict[str, list[str]] = {}
    for word in words:
        for code in content_classes.named_by(word):
            naming.setdefault(code, []).append(word)
    together: dict[tuple[str, ...], list[str]] = {}
    for code, said in naming.items():
        together.setdefault(tuple(word for word in words if word not in said), []).append(code)
    return tuple(NamedClasses(tuple(sorted(codes)), besides) for besides, codes in together.items())


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
