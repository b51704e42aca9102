"""What searching records goes by: functions that the database has, for indexes over expressions of each kind.

A text is folded (NFKC, lower case) and cut into every pair of neighbouring characters. No column holds any of it, so
that erasing a text takes it out of the search as well. Traditional characters stay in the index as they were written: a
query asks for each pair of a word in all its writings, for folding a text takes eight times as long as indexing it.

Titles have an index of every pair of neighbouring syllables, too, and of their initials (`massline/pinyin.py`).
"""

from collections.abc import Iterable
from itertools import pairwise, product

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

from massline.hanzi import writings
from massline.pinyin import ways_to_read


class Bigrams(Func):
    """Every pair of neighbouring characters; the last character of all is paired with a space."""

    function = "records_bigrams"
    output_field = SearchVectorField()


class Sounds(Func):
    """Every pair of neighbouring syllables in any reading, and the pair of their initials."""

    function = "records_sounds"
    output_field = SearchVectorField()


def sounds_for(letters: str) -> str:
    """Returns the `tsquery` for titles in which these letters are heard; empty where they are no pinyin of two
    syllables."""
    ways = (" & ".join(f"'{one} {other}'" for one, other in pairwise(way)) for way in ways_to_read(letters))
    return " | ".join(f"({way})" for way in ways)


def query_for(words: Iterable[str]) -> str:
    """Returns the `tsquery` for texts that hold every pair of these words; PostgreSQL has yet to lower its case.
    A word of one character is the beginning of a pair."""
    pairs = dict.fromkeys(pair for word in words for pair in (pairwise(word) if len(word) > 1 else [(word,)]))
    return " & ".join(f"({' | '.join(map(_lexeme, product(*map(writings, pair))))})" for pair in pairs)


def _lexeme(pair: tuple[str, ...]) -> str:
    """Writes a pair, or the beginning of one; words have no signs that would have to be escaped."""
    return f"'{''.join(pair)}'" + ("" if len(pair) > 1 else ":*")
