"""A seat has one holder, a holder one seat, and walk-ins keep their share."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from massline.acts import ActError
from records.seats import Alternative, Full, HasSeat, lay_out, release, take
from tests.chain_lab import constraint, event, organ, sh
from tests.kinds.lab import errand
from tests.kinds.models import Errand, Ride
from tests.petitions.test_acts_at_once import until_waiting

NOW = sh("2026-03-01 09:00")


@pytest.fixture
def cart(db):
    return laid_out(bookable=2, walk_in=1)


def laid_out(bookable, walk_in, number="N-1"):
    event()
    trip = errand(number, organ("跑腿科"))
    lay_out(Ride, bookable=bookable, walk_in=walk_in, errand=trip)
    return trip


def seats(trip):
    return Ride.objects.filter(errand=trip)


def refused(change):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change()
    return constraint(error.value)


def test_takers_get_one_seat_after_the_other(cart):
    taken = [take(seats(cart), holder, NOW, online=True) for holder in ("甲", "乙")]
    assert [(one.number, one.holder, one.taken_at, one.online) for one in taken] == [
        (1, "甲", NOW, True),
        (2, "乙", NOW, True),
    ]


def test_the_walk_ins_share_is_not_taken_online(cart):
    for holder in ("甲", "乙"):
        take(seats(cart), holder, NOW, online=True)
    with pytest.raises(Full):
        take(seats(cart), "丙", NOW, online=True)
    assert take(seats(cart), "丙", NOW, online=False).share == "walk_in"
    with pytest.raises(Full):
        take(seats(cart), "丁", NOW, online=False)


def test_on_the_spot_the_walk_ins_share_goes_first(cart):
    assert [take(seats(cart), holder, NOW, online=False).number for holder in ("甲", "乙")] == [3, 1]


def test_a_full_parent_offers_other_ways(cart):
    other = Alternative("3月2日还有3个名额", "/days/2/")
    take(seats(cart), "甲", NOW, online=True)
    take(seats(cart), "乙", NOW, online=True, alternatives=lambda: pytest.fail("asked without need"))
    with pytest.raises(Full) as error:
        take(seats(cart), "丙", NOW, online=True, alternatives=lambda: [other])
    assert error.value.alternatives == (other,)
    assert error.value.status == 409 and "名额已满" in str(error.value.message)
    assert error.value.members == {"alternatives": [{"label": other.label, "address": other.address}]}


def test_one_holder_has_one_seat_of_a_parent(cart):
    take(seats(cart), "甲", NOW, online=True)
    with pytest.raises(HasSeat):
        take(seats(cart), "甲", NOW, online=False)
    other = laid_out(1, 0, "N-2")
    assert take(seats(other), "甲", NOW, online=True).errand == other


def test_a_seat_that_is_given_back_is_free(cart):
    take(seats(cart), "甲", NOW, online=True)
    assert release(seats(cart), "甲") and not release(seats(cart), "甲")
    assert take(seats(cart), "乙", NOW, online=True).number == 1
    assert seats(cart).free(online=True).count() == 1 and seats(cart).free(online=False).count() == 2


# --- what the database refuses ------------------------------------------------------------------------------------
def test_the_database_keeps_a_seat_for_its_holder(cart):
    taken = seats(cart).filter(pk=take(seats(cart), "甲", NOW, online=True).pk)
    assert refused(lambda: taken.update(holder="乙")) == "seat_stays"
    assert (
        refused(lambda: seats(cart).filter(number=2).update(holder="甲", taken_at=NOW, online=True)) == "ride_one_each"
    )


@pytest.mark.parametrize(
    ("number", "columns", "broken"),
    [
        (3, {"holder": "甲", "taken_at": NOW, "online": True}, "ride_walk_in"),
        (1, {"holder": "甲", "taken_at": None, "online": True}, "ride_taken"),
        (1, {"holder": "甲", "taken_at": NOW}, "ride_taken"),
        (1, {"holder": "", "taken_at": NOW, "online": True}, "ride_taken"),
        (1, {"taken_at": NOW}, "ride_taken"),
        (1, {"share": "friends"}, "ride_share"),
        (1, {"number": 2}, "ride_number"),
    ],
)
def test_the_database_refuses_seats_that_make_no_sense(cart, number, columns, broken):
    assert refused(lambda: seats(cart).filter(number=number).update(**columns)) == broken


def test_another_fault_is_not_taken_for_a_second_seat(cart):
    with pytest.raises(IntegrityError), transaction.atomic():
        take(seats(cart), "", NOW, online=True)


# --- at the same moment -------------------------------------------------------------------------------------------
@pytest.fixture
def trip(cloned_db):
    with transaction.atomic():
        return laid_out(bookable=5, walk_in=2)


def taker(trip, holder):
    """What a taker on a connection of its own gets: the number of the seat, or the refusal."""
    try:
        with transaction.atomic():
            event()
            return take(seats(trip), holder, timezone.now(), online=True).number
    except ActError as error:
        return type(error).__name__
    finally:
        connection.close()


def test_twenty_takers_of_five_seats(trip):
    with ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda n: taker(trip, f"第{n}人"), range(20)))
    assert Counter(got) == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, "Full": 15}
    assert seats(trip).exclude(holder=None).count() == 5


def test_one_holder_in_many_windows_has_one_seat(trip):
    with ThreadPoolExecutor(4) as pool:
        with transaction.atomic():
            assert len(seats(trip).select_for_update()) == 7
            windows = [pool.submit(taker, trip, "甲") for _n in range(4)]
            until_waiting(4)  # none of them sees a seat of this holder yet
        got = [one.result(30) for one in windows]
    assert got.count("HasSeat") == 3
    assert seats(trip).held_by("甲").count() == 1


def test_the_last_seat_is_not_called_taken_before_it_is(trip):
    """Whoever waits for a taker that fails gets the seat."""
    with transaction.atomic():
        event()
        for holder in ("甲", "乙", "丙", "丁"):
            take(seats(trip), holder, NOW, online=True)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            event()
            take(seats(trip), "戊", NOW, online=True)
            waits = pool.submit(taker, trip, "己")
            until_waiting(1)
            transaction.set_rollback(True)
        assert waits.result(30) == 5


def test_not_even_the_owner_deletes_a_taken_seat(trip):
    assert taker(trip, "甲") == 1
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Ride.objects.filter(errand=trip).delete()
    owned = Ride.objects.using("owner").filter(errand=Errand.objects.get().pk)
    with pytest.raises(IntegrityError) as error, transaction.atomic("owner"):
        owned.filter(holder__isnull=False).delete()
    assert constraint(error.value) == "seat_stays"
    assert owned.filter(number=2).delete()[0] == 1
