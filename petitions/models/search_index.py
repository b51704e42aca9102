"""The indexes by which petitions are searched (records/search_index.py)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Reverse, TruncHour

from massline.time import SHANGHAI
from records.search_index import Bigrams, Sounds

TEXTS = ("title", "body", "place", "wish")


class Folded(Func):
    """The texts of one petition joined for comparison: NFKC, in lower case."""

    function = "petitions_text"
    output_field = models.TextField()


def of_petition() -> list[models.Index]:
    return [
        # Without a pending list: a filing that has to empty it would wait for seconds.
        # With the hour of receipt: the newest hits of a common word are read without reading all of them.
        GinIndex(
            Bigrams(Folded(*map(F, TEXTS))),
            TruncHour(F("received_at"), tzinfo=SHANGHAI),
            name="petition_bigrams",
            fastupdate=False,
        ),
        GinIndex(
            Sounds(F("title")),
            TruncHour(F("received_at"), tzinfo=SHANGHAI),
            name="petition_sounds",
            fastupdate=False,
        ),
        models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="petition_last_digits"),
        models.Index(fields=["received_at"], name="petition_received"),
    ]
