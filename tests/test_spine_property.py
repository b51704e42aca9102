"""Random legal acts by random people between sweeps: nobody falls through, nothing is forgotten, nothing is unsaid."""

import pytest

from tests.city import build_city
from tests.spine_walk import walks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("first", [0, 3])
def test_no_petition_without_a_responsible_organ_and_no_open_one_without_an_obligation(first):
    walks(build_city(), range(first, first + 3), steps=60)
