"""The indexes that searching petitions goes by (records/search_index.py)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Reverse, TruncHour

from massline.time import SHANGHAI
from records.search_index import Bigrams

TEXTS = ("title", "body", "place", "wish")


class Folded(Func):
    """The texts of one petition as they are compared: one after the other, NFKC, in lower case."""

    function = "petitions_text"
    output_field = models.TextField()


def of_petition() -> list[models.Index]:
    return [
        # Without a pending list: its clearing would let single filings wait for seconds.
        # With the hour of receipt: of a common word the newest hits are gathered without all the others.
        GinIndex(
            Bigrams(Folded(*map(F, TEXTS))),
            TruncHour(F("received_at"), tzinfo=SHANGHAI),
            name="petition_bigrams",
            fastupdate=False,
        ),
        models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="petition_last_digits"),
        models.Index(fields=["received_at"], name="petition_received"),
    ]
