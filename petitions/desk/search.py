"""The search for petitions: by their texts and classes, or by their number."""

import re

from petitions.models import Demand, Petition
from petitions.models.search_index import TEXTS, Folded
from petitions.numbers import NUMBERS
from records.search import Search

SEARCH = Search(
    model=Petition,
    via="petition",
    classed=Demand,
    texts=TEXTS,
    folded=Folded,
    number=re.compile(r"XF\d{8}-\d{4,}"),
    number_start=re.compile(r"XF\d{6,8}-\d{0,3}"),
    plain_number=NUMBERS.plain,
)
