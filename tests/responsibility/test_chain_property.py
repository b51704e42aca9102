"""The chain in any tree: nobody recused, absent or not appointed, nobody twice, upwards to the root."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.chain import Skip, chain
from responsibility.models import Absence, Appointment, Organ, Post
from responsibility.subjects import ChainSubject
from tests.chain_lab import event, person, region, sh

pytestmark = pytest.mark.django_db
NOW = date(2026, 9, 15)
MIDDAY = sh("2026-09-15 12:00")
DAYS = st.integers(-6, 6).map(lambda n: NOW + timedelta(days=n))
PEOPLE = 6
CLASSES = ["", "01", "0102", "010203", "02"]
POSTS = st.fixed_dictionaries(
    {
        "organ": st.integers(0, 4),
        "is_top": st.booleans(),
        "in_charge_of": st.lists(st.sampled_from(CLASSES), max_size=2),
        "holders": st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 7)), max_size=2),
        "away": st.none() | st.tuples(st.integers(-3, 3), st.integers(1, 5), st.none() | st.integers(0, PEOPLE - 1)),
    }
)
CITIES = st.fixed_dictionaries(
    {
        "parents": st.lists(st.integers(0, 3), min_size=4, max_size=4),
        "abolished": st.sets(st.integers(1, 4)),
        "posts": st.lists(POSTS, max_size=9),
        "at": st.integers(0, 4),
        "handler": st.none() | st.integers(0, 8),
        "recused": st.frozensets(st.integers(0, PEOPLE - 1), max_size=2),
    }
)


def build(drawn, users):
    """Organ 0 is the root; each other one stands under an earlier one."""
    organs = []
    for n in range(5):
        parent = organs[min(drawn["parents"][n - 1], n - 1)] if n else None
        gone = NOW if n in drawn["abolished"] else None
        organs.append(
            Organ.objects.create(
                code=f"p{n}", name=f"机关{n}", kind="department", region=region(), parent=parent, valid_until=gone
            )
        )
    posts = [_post(n, spec, organs, users) for n, spec in enumerate(drawn["posts"])]
    return organs, posts


def _post(n, spec, organs, users):
    made = Post.objects.create(
        organ=organs[spec["organ"]], name=f"岗位{n}", is_top=spec["is_top"], in_charge_of=spec["in_charge_of"]
    )
    since = NOW - timedelta(days=8)
    for who, length in spec["holders"]:  # one after the other, with gaps
        until = since + timedelta(days=length + 1)
        held = Appointment.objects.create(user=users[who], post=made, since=since, until=until)
        since = until + timedelta(days=length % 2)
        if spec["away"] is not None:
            _away(held, spec["away"], users)
            spec = spec | {"away": None}
    return made


def _away(held, away, users):
    start, length, stand_in = away
    absence = Absence.objects.create(
        appointment=held, since=NOW + timedelta(days=start), until=NOW + timedelta(days=start + length)
    )
    if stand_in is not None:
        Appointment.objects.create(
            user=users[stand_in], post=held.post, kind="acting", because="absence", absence=absence,
            since=absence.since, until=absence.until,
        )  # fmt: skip


def holders(post):
    """Who answers in a post on the day, told in another way than the chain reads it."""
    held = [a for a in post.appointments.all() if a.since <= NOW and (a.until is None or a.until > NOW)]
    regular = [a for a in held if a.kind == "regular" and not any(b.since <= NOW < b.until for b in a.absences.all())]
    return {a.user_id for a in regular or [a for a in held if a.kind == "acting"]}


@pytest.fixture
def users():
    return [person(f"人{n}") for n in range(PEOPLE)]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=CITIES)
def test_whatever_the_tree(users, drawn):
    with transaction.atomic():
        event()
        organs, posts = build(drawn, users)
        for content_class in ("", "010203", "010000", "020100"):
            check(drawn, content_class, organs, posts, [u.pk for u in users])
        transaction.set_rollback(True)


def check(drawn, content_class, organs, posts, users):
    recused = frozenset(users[n] for n in drawn["recused"])
    handler = posts[drawn["handler"]].pk if drawn["handler"] is not None and drawn["handler"] < len(posts) else None
    work = ChainSubject(organs[drawn["at"]].pk, content_class, handler, recused)
    links = chain(work, MIDDAY)
    there = [link for link in links if link.skip is None]
    by_pk = {p.pk: p for p in posts}

    assert not {link.user for link in there} & recused
    assert len({link.user for link in there}) == len(there)
    for link in there:
        assert link.user in holders(by_pk[link.post])
        assert by_pk[link.post].organ_id == link.organ
    for link in links:
        if link.skip in (Skip.VACANT, Skip.ON_LEAVE):
            assert not holders(by_pk[link.post])
        if link.skip is Skip.COMPLAINED_ABOUT:
            assert link.user in recused
    assert [link.depth for link in links] == sorted(link.depth for link in links)
    assert [link.relation for link in links].count("handler") == 1 and links[0].relation == "handler"
    in_charge_by_class(links, posts, work)
    reaches_the_root(links, organs[0], posts, recused)


def in_charge_by_class(links, posts, work):
    """Of the organ's posts below the top those with the longest prefix of the class; nobody's where it has none."""
    fits = {
        post.pk: max((len(p) for p in post.in_charge_of if work.content_class.startswith(p)), default=None)
        for post in posts
        if post.organ_id == work.organ and not post.is_top and work.content_class
    }
    longest = max((fit for fit in fits.values() if fit is not None), default=None)
    expected = {pk for pk, fit in fits.items() if fit is not None and fit == longest}
    assert {link.post for link in links if link.relation == "in_charge"} == expected


def reaches_the_root(links, root, posts, recused):
    """Whoever heads the root, is there and may know of it, is on the chain: there or further down."""
    tops = {user for post in posts if post.organ_id == root.pk and post.is_top for user in holders(post)} - recused
    present = {link.user for link in links if link.skip is None}
    assert tops <= present
    assert root.pk in {link.organ for link in links}
