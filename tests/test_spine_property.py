"""Random legal acts by random people between sweeps: nobody falls through, nothing is forgotten, nothing is unsaid."""

import pytest

from audit.verify import verify
from tests.chain_lab import event
from tests.city import build_city
from tests.spine_walk import walks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("first", [0, 3])
def test_no_petition_without_a_responsible_organ_and_no_open_one_without_an_obligation(first):
    event()
    city = build_city()
    before = verify().unexplained
    walks(city, range(first, first + 3), steps=60)
    assert verify().unexplained == before
