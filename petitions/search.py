"""Searching petitions: by their texts, or by their number."""

import re

from petitions.models import Petition
from petitions.numbers import NUMBERS
from petitions.search_index import TEXTS, Folded
from records.search import Search

SEARCH = Search(
    model=Petition,
    via="petition",
    texts=TEXTS,
    folded=Folded,
    number=re.compile(r"XF\d{8}-\d{4,}"),
    plain_number=NUMBERS.plain,
)
