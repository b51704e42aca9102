"""Numbers of records: unique, without order, the same prefix, day and digits as ever."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.numbers import NUMBERS, TRANSFER_NUMBERS
from records.numbers import MILLION, Numbers

AT = datetime(2026, 9, 15, 2, tzinfo=UTC)
DRAWN = st.integers(1, 50 * MILLION)
PREFIXES = st.sampled_from(["XF", "YS", "DB", "OL", "QUE"])


@pytest.mark.parametrize("many", [MILLION // 10, pytest.param(MILLION, marks=pytest.mark.soak)])
def test_each_of_a_million_is_given_once(many: int) -> None:
    """With one key; another key is another order of the same rounds."""
    given_out = {NUMBERS.of(AT, n) for n in range(many)}
    assert len(given_out) == many and {len(one) for one in given_out} == {17}


@given(PREFIXES, st.lists(DRAWN, min_size=2, max_size=50, unique=True))
def test_what_was_drawn_apart_has_another_number(prefix: str, drawn: list[int]) -> None:
    numbers = Numbers(prefix)
    assert len({numbers.of(AT, n) for n in drawn}) == len(drawn)


@settings(deadline=None)
@given(PREFIXES, st.integers(1, MILLION - 1001))
def test_numbers_of_one_day_keep_no_order(prefix: str, first: int) -> None:
    """Neither the number itself nor the step to the next tells how many there were before."""
    found = [Numbers(prefix).of(AT, first + n) for n in range(1000)]
    upwards = sum(one < following for one, following in pairwise(found))
    steps = {int(following[-6:]) - int(one[-6:]) for one, following in pairwise(found)}
    assert 400 < upwards < 600 and len(steps) > 900


@given(PREFIXES, DRAWN)
def test_a_number_is_found_however_it_is_typed(prefix: str, drawn: int) -> None:
    numbers = Numbers(prefix)
    number = numbers.of(AT, drawn)
    for typed in (number, number.lower(), f" {number.replace('-', ' ')} ", number.replace("0", "o").replace("1", "l")):
        assert numbers.plain(typed) == number


def test_the_day_is_shanghais_and_more_than_a_million_are_told_apart_by_their_block() -> None:
    numbers = Numbers("DB")
    late = AT.replace(hour=17)
    assert numbers.of(late, 42).startswith("DB20260916-")
    assert numbers.of(AT, 3 * MILLION + 42) == "DB20260915-3" + numbers.of(AT, 42)[-6:]


def test_formats_of_petitions_and_transfers_are_what_they_were() -> None:
    """Written down before numbers were shared; by the key of the tests."""
    assert [NUMBERS.of(AT, n) for n in (1, 2, MILLION + 1)] == KNOWN
    assert TRANSFER_NUMBERS.of(AT, 1) == KNOWN[0].replace("XF", "YS")


KNOWN = ["XF20260915-394058", "XF20260915-666470", "XF20260915-1394058"]


@pytest.mark.django_db
def test_records_draw_from_a_sequence_and_not_from_a_row() -> None:
    moments = [AT + timedelta(days=n) for n in range(20)]
    found = Numbers("DB").draw_many(moments)
    assert len(set(found)) == 20
    assert [one[:11] for one in found] == [f"DB{moment:%Y%m%d}-" for moment in moments]
