"""Random legal acts by random people between sweeps: nobody falls through, nothing is forgotten, nothing is unsaid."""

from typing import Any

import pytest

from tests.spine_walk import walk


@pytest.mark.parametrize("seed", range(6))
def test_no_petition_without_a_responsible_organ_and_no_open_one_without_an_obligation(
    django_db_setup: None, django_db_blocker: Any, seed: int
) -> None:
    with django_db_blocker.unblock():
        walk(seed, steps=60)
