"""Content classes: who is in charge (分管) of a record by its class, and of one that has none."""

from types import SimpleNamespace

import pytest
from django.db.models import Value

from responsibility import content_classes
from responsibility.models import Post, Region
from tests.chain_lab import at, event, names, organ, post, sweep_at
from tests.chore_kind import KIND, make_chore, owe, second_kind

pytestmark = pytest.mark.django_db

IN_CHARGE = [  # of which prefixes, of which class, or ""
    ([], "010203", False),
    ([""], "010203", True),
    (["01"], "010203", True),
    (["0102"], "010203", True),
    (["010203"], "010203", True),
    (["02", "0102"], "010203", True),
    (["02"], "010203", False),
    (["0103"], "010203", False),
    (["010203"], "010200", False),
    (["0102"], "010200", True),
    (["0102"], "010000", False),
    ([""], "010000", True),
    ([], "", False),
    ([""], "", False),
    (["01"], "", False),
    (["", "01"], "", False),
]


@pytest.mark.parametrize(("prefixes", "code", "found"), IN_CHARGE)
def test_who_is_in_charge_of_a_class(prefixes: list[str], code: str, found: bool) -> None:
    """Asked of one record, of a list of records and of the posts of an organ: the same answer."""
    event()
    post(organ("住建局"), "副局长", in_charge_of=prefixes)
    records = Region.objects.annotate(category=Value(code)).filter(content_classes.covered(prefixes))
    posts = Post.objects.filter(in_charge_of__overlap=content_classes.prefixes(code))
    assert (content_classes.covers(prefixes, code), records.exists(), posts.exists()) == (found, found, found)


@pytest.mark.parametrize(("category", "overdue"), [("", {"handler"}), ("010101", {"handler", "deputy"})])
@pytest.mark.parametrize("prefixes", [["01"], [""]])
def test_what_has_no_class_climbs_from_its_handler_to_the_top(
    city: SimpleNamespace, category: str, overdue: set[str], prefixes: list[str]
) -> None:
    with second_kind():
        with at("2026-09-15 10:00") as now:
            event()
            Post.objects.filter(pk=city.post["deputy"].pk).update(in_charge_of=prefixes)
            owe(make_chore("DB20260915-000007", "督办一件", city.post["handler"], category=category), now)
        for moment in ("2026-11-20 09:00", "2026-11-26 09:00"):
            sweep_at(moment)
    assert names("overdue", subject_kind=KIND, escalation__step="overdue") == overdue
    assert names("escalated", subject_kind=KIND, escalation__step="top") == {"leader"}
