"""What the search stands on: functions that the database has (migrations 0008 and 0010), and the indexes over them.

A text is folded (NFKC, lower case) and cut into every pair of neighbouring characters. No column holds any of it: the
indexes are over expressions, so that erasing a petition's text takes it out of the search as well.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse, TruncHour

from massline.time import SHANGHAI

TEXTS = ("title", "body", "place", "wish")


class Folded(Func):
    """The texts of one petition as they are compared: one after the other, NFKC, in lower case."""

    function = "petitions_text"
    output_field = models.TextField()


class Bigrams(Func):
    """Every pair of neighbouring characters; the last character of all stands with a space."""

    function = "petitions_bigrams"
    output_field = SearchVectorField()


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


def of_person(who: str, *names: str) -> list[models.Index]:
    """Whoever petitions, by the keyed hash of exactly one thing that they gave."""
    return [
        models.Index(fields=[f"{name}_hash"], condition=Q(**{f"{name}_hash__isnull": False}), name=f"{who}_{name}")
        for name in names
    ]
