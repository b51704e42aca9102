"""What searching records goes by: functions that the database has, for an index over an expression of each kind.

A text is folded (NFKC, lower case) and cut into every pair of neighbouring characters. No column holds any of it, so
that erasing a text takes it out of the search as well. `records_search_query(words)` asks for the pairs of words.
"""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func


class Bigrams(Func):
    """Every pair of neighbouring characters; the last character of all is paired with a space."""

    function = "records_bigrams"
    output_field = SearchVectorField()
