"""Search over texts in which words are as common as in language: a page of hits, on much and on little.

Words of two characters are drawn so that the n-th commonest comes 1/n as often as the first. Asked for are words that
stand in about half, a tenth, a hundredth and a few of all petitions, two at once, and parts of a phrase.
Beside them stands the same page when nothing is searched for: what is above it is the search.
"""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from typing import Any
from urllib.parse import quote

from django.db import connections, transaction
from django.http import QueryDict

from accounts.models import User
from audit import log
from benchmarks.city import STATES, Copies
from benchmarks.ground import Ground
from benchmarks.measure import Line, Sizes, least_ms, statements
from benchmarks.pages import LEDGER, program, reader
from petitions.desk.declaration import PETITIONS
from records.list_pages import narrowed, page_of
from responsibility import events
from tests.api import V1

MOST_MS, MOST_STATEMENTS = 20, 14
WORDS, LENGTH = 20_000, 130
"""How many words there are, and how many stand in a text."""
FIRST, CHARACTERS = 0x4E00, 2500
INDEX = "SELECT pg_get_indexdef('petition_bigrams'::regclass)"
READERS = ("clerk", "leader", "handler", "district_clerk")


def vocabulary() -> list[str]:
    chance = random.Random(1)
    return [
        chr(FIRST + chance.randrange(CHARACTERS)) + chr(FIRST + chance.randrange(CHARACTERS)) for _n in range(WORDS)
    ]


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Titles and bodies."""
    chance, words = random.Random(count), vocabulary()
    weights = list(accumulate(1 / n for n in range(1, WORDS + 1)))
    for _n in range(count):
        said = chance.choices(words, cum_weights=weights, k=LENGTH)
        yield "".join(said[:8]), "，".join("".join(said[n : n + 6]) for n in range(8, LENGTH, 6))


def asked() -> dict[str, str]:
    words = vocabulary()
    return {
        "commonest word": words[0],
        "common word": words[10],
        "word of a hundredth": words[150],
        "rare word": words[-5],
        "one character": words[0][0],
        "two words": f"{words[3]} {words[150]}",
        "phrase": words[0] + words[1],
        "no such word": "龘龘龘",
    }


def run(ground: Ground, sizes: Sizes) -> Iterator[Line]:
    with ground.database("bench_search"):
        copies = Copies(STATES)
        copies.grow(sizes.small)
        write()
        ways = list(_ways())
        pages = [
            (f"search, {way}: {what}", partial(ask, f"{path}?q={quote(word)}"))
            for way, path, ask in ways
            for what, word in asked().items()
        ]
        few = {what: least_ms(page, sizes.repeat) for what, page in pages}
        copies.grow(sizes.large)
        write()
        for way, path, ask in ways:
            plain = least_ms(partial(ask, path), sizes.repeat)
            yield Line(f"nothing searched for, {way}, {sizes.large:,}", f"{plain:.1f} ms", "", "", "")
        for what, page in pages:
            many = least_ms(page, sizes.repeat)
            against = f"{sizes.small:,}: {few[what]:.1f} ms"
            yield Line(
                f"{what}, {sizes.large:,}",
                f"{many:.1f} ms",
                against,
                f"{many / few[what]:.2f}",
                f"<= {MOST_MS} ms",
                many <= MOST_MS,
            )
        with statements() as sent:
            pages[0][1]()
        yield Line.count(pages[0][0], len(sent), MOST_STATEMENTS)


def _ways() -> Iterator[tuple[str, str, Callable[[str], Any]]]:
    """How a search is asked for: by name, where, by whom."""
    for who in READERS:
        yield f"hits for {who}", "", partial(_find, who)
    yield "REST", f"{V1}/petitions/", program("clerk")
    yield "list that the page fetches", LEDGER, reader("clerk", HTTP_HX_REQUEST="true")
    yield "whole page", LEDGER, reader("clerk")


def _find(username: str, query: str) -> None:
    """A page of hits as somebody finds it, with nothing of the request around it."""
    chosen = narrowed(PETITIONS, User.objects.get(username=username), QueryDict(query.removeprefix("?")))
    page_of(PETITIONS, chosen, {})


def write() -> None:
    """Every petition says something of its own; the index is made anew, which is quicker."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(INDEX)
        index = cursor.fetchone()[0]
        cursor.execute("DROP INDEX petition_bigrams")
        log.record(events.DEMO_LOADED, using="owner")
        cursor.execute("SELECT filing_id FROM petitions_petition ORDER BY filing_id")
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("CREATE TEMP TABLE said (id bigint, title text, body text) ON COMMIT DROP")
        rows = [(pk, title, body) for pk, (title, body) in zip(ids, texts(len(ids)), strict=True)]
        cursor.executemany("INSERT INTO said VALUES (%s, %s, %s)", rows)
        cursor.execute(
            "UPDATE petitions_petition p SET title = said.title, body = said.body FROM said WHERE said.id = p.filing_id"
        )
        cursor.execute(index)
        cursor.execute("ALTER INDEX petition_bigrams ALTER COLUMN 1 SET STATISTICS 1000")
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
