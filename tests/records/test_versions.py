"""One version is in force on a day, one is open at a time, and what is in force stays as it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.erase import clear
from audit.models import AuditRow
from massline.acts import ActError, Invalid, WrongState
from records.articles import Article, digest_of
from records.versions import put_in_force
from tests.chain_lab import constraint, event, organ
from tests.kinds.lab import errand
from tests.kinds.models import Errand, Wording
from tests.petitions.test_acts_at_once import until_waiting

DAY = date(2026, 3, 1)
WORDS = (Article("a1", "第一条", "先问清楚再跑。"),)


def draft(parent, **more):
    columns = {"edition": Wording.objects.next_edition(parent), "articles": WORDS} | more
    return Wording.objects.create(errand=parent, **columns)


def put(version, day):
    version.state = Wording.State.VALID
    put_in_force(version, day)


def in_force(parent, *days, **more):
    """A version for each of these days."""
    made = []
    for day in days:
        made.append(draft(parent, **more))
        put(made[-1], day)
    return made


def refused(change):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change()
    return constraint(error.value)


@pytest.fixture
def parent(db):
    event()
    return errand("N-1", organ("跑腿科"))


def test_the_next_version_ends_the_one_before_on_its_first_day(parent):
    first, second = in_force(parent, DAY, DAY + timedelta(days=30))
    assert Wording.objects.in_force(parent, DAY - timedelta(days=1)) is None
    assert Wording.objects.in_force(parent, DAY) == first
    assert Wording.objects.in_force(parent, DAY + timedelta(days=29)) == first
    assert Wording.objects.in_force(parent, DAY + timedelta(days=30)) == second
    assert (second.edition, second.digest) == (2, digest_of(WORDS))
    assert Wording.objects.used_keys(parent) == {"a1"}


def test_another_parent_has_versions_of_its_own(parent):
    in_force(parent, DAY)
    other = errand("N-2", parent.organ)
    in_force(other, DAY)
    assert Wording.objects.in_force(other, DAY).errand == other


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), DAY])
def test_no_version_begins_before_the_last_one(parent, day):
    in_force(parent, DAY)
    late = draft(parent)
    with pytest.raises(Invalid) as error:
        put(late, day)
    assert "2026年3月2日" in str(error.value.errors["since"][0])


def test_a_version_begins_once_and_has_articles(parent):
    (only,) = in_force(parent, DAY)
    with pytest.raises(WrongState):
        put(only, DAY)
    with pytest.raises(Invalid):
        put(draft(parent, articles=()), DAY + timedelta(days=9))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["put", "end"])), max_size=8))
def test_at_most_one_is_in_force_whatever_comes(parent, steps):
    parent = errand(f"H-{Errand.objects.count()}", parent.organ)
    for offset, step in steps:
        day = DAY + timedelta(days=offset)
        try:
            with transaction.atomic():
                if step == "put":
                    in_force(parent, day)
                else:
                    Wording.objects.of(parent).filter(until=None).update(until=day)
        except (ActError, IntegrityError):
            continue
    for offset in range(-1, 15):
        assert Wording.objects.of(parent).on(DAY + timedelta(days=offset)).count() <= 1


# --- what the database refuses ------------------------------------------------------------------------------------
def test_the_database_refuses_two_in_force_on_a_day(parent):
    in_force(parent, DAY)
    assert refused(lambda: draft(parent, since=DAY, digest="x", state="valid")) == "wording_one_in_force"


def test_the_database_refuses_a_second_open_one(parent):
    draft(parent)
    assert refused(lambda: draft(parent)) == "wording_one_open"
    draft(parent, state="rejected")


def test_the_database_refuses_the_same_number_twice(parent):
    in_force(parent, DAY)
    assert refused(lambda: draft(parent, edition=1)) == "wording_edition"


@pytest.mark.parametrize(
    ("columns", "broken"),
    [
        ({"since": DAY, "until": DAY, "digest": "x", "state": "valid"}, "wording_days"),
        ({"since": DAY, "digest": "", "state": "valid"}, "wording_in_force"),
        ({"since": DAY, "digest": "x", "state": "draft"}, "wording_in_force"),
        ({"until": DAY}, "wording_in_force"),
    ],
)
def test_the_database_refuses_days_that_make_no_sense(parent, columns, broken):
    assert refused(lambda: draft(parent, **columns)) == broken


@pytest.mark.parametrize(
    "columns",
    [
        {"articles": (Article("a1", "第一条", "别跑了。"),)},
        {"since": DAY + timedelta(days=1)},
        {"digest": "0" * 64},
        {"state": "draft"},
        {"edition": 7},
        {"salt": b"x" * 32},
    ],
)
def test_what_is_in_force_does_not_change(parent, columns):
    (version,) = in_force(parent, DAY)
    assert refused(lambda: Wording.objects.filter(pk=version.pk).update(**columns)) == "version_stays"


def test_the_last_day_is_set_once(parent):
    (version,) = in_force(parent, DAY)
    row = Wording.objects.filter(pk=version.pk)
    row.update(until=DAY + timedelta(days=5))
    assert refused(lambda: row.update(until=DAY + timedelta(days=6))) == "version_stays"
    assert refused(lambda: row.update(until=None)) == "version_stays"


def test_what_is_in_force_is_not_deleted_and_drafts_are_free(parent, django_db_setup):
    (version,) = in_force(parent, DAY)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        version.delete()
    open_one = draft(parent)
    Wording.objects.filter(pk=open_one.pk).update(articles=(), state="rejected")


def test_columns_that_are_no_part_of_the_text_still_change(parent):
    (version,) = in_force(parent, DAY)
    assert Wording.objects.filter(pk=version.pk).update(handler="别人") == 1


def test_articles_in_force_are_at_most_erased_and_the_digest_stays(parent):
    (version,) = in_force(parent, DAY)
    clear(Wording.objects.filter(pk=version.pk))
    version.refresh_from_db()
    assert version.articles is None and version.digest == digest_of(WORDS)
    assert refused(lambda: Wording.objects.filter(pk=version.pk).update(articles=WORDS)) == "version_stays"


def test_the_log_keeps_no_words_of_articles(parent):
    (version,) = in_force(parent, DAY)
    images = AuditRow.objects.of("kinds_wording", [version.pk])
    assert images and all("sha256" in str(row.image["articles"]) for row in images)


def test_no_two_articles_under_one_key(parent):
    with pytest.raises(ValueError, match="two articles"):
        draft(parent, articles=WORDS * 2)


# --- at the same moment -------------------------------------------------------------------------------------------
def test_two_versions_at_once_do_not_overlap(cloned_db):
    with transaction.atomic():
        event()
        parent = errand("N-1", organ("跑腿科"))
        in_force(parent, DAY)
        drafts = [draft(parent, state="rejected") for _n in range(2)]

    def run(version):
        try:
            with transaction.atomic():
                event()
                put(version, DAY + timedelta(days=10))
            return "in force"
        except ActError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Errand.objects.select_for_update().get(pk=parent.pk)
            both = [pool.submit(run, version) for version in drafts]
            until_waiting(2)
        assert sorted(one.result(30) for one in both) == ["in force", "refused"]
    assert [one.until for one in Wording.objects.of(parent).filter(since=DAY)] == [DAY + timedelta(days=10)]


def test_not_even_the_owner_deletes_what_is_in_force(cloned_db):
    with transaction.atomic():
        event()
        (version,) = in_force(errand("N-1", organ("跑腿科")), DAY)
    owned = Wording.objects.using("owner")
    with pytest.raises(IntegrityError) as error, transaction.atomic("owner"):
        owned.filter(pk=version.pk).delete()
    assert constraint(error.value) == "version_stays"
