"""What searching records goes by: a function that the database has, for an index over an expression of each kind.

A text is folded (NFKC, lower case) and cut into every pair of neighbouring characters. No column holds any of it, so
that erasing a text takes it out of the search as well. Traditional characters stay in the index as they were written: a
query asks for each pair of a word in all its writings, for folding a text takes eight times as long as indexing it.
"""

from collections.abc import Iterable
from itertools import pairwise, product

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

from massline.hanzi import writings


class Bigrams(Func):
    """Every pair of neighbouring characters; the last character of all is paired with a space."""

    function = "records_bigrams"
    output_field = SearchVectorField()


def query_for(words: Iterable[str]) -> str:
    """Returns the `tsquery` for texts that hold every pair of these words; PostgreSQL has yet to lower its case.
    A word of one character is the beginning of a pair."""
    pairs = dict.fromkeys(pair for word in words for pair in (pairwise(word) if len(word) > 1 else [(word,)]))
    return " & ".join(f"({' | '.join(map(_lexeme, product(*map(writings, pair))))})" for pair in pairs)


def _lexeme(pair: tuple[str, ...]) -> str:
    """Writes a pair, or the beginning of one; words have no signs that would have to be escaped."""
    return f"'{''.join(pair)}'" + ("" if len(pair) > 1 else ":*")
