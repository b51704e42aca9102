"""REST keeps what its schema promises, whatever it is asked: bounded here, at full size in `make soak`."""

import os
import random
from types import SimpleNamespace

import pytest

from tests.api_fuzz import fuzz

pytestmark = pytest.mark.django_db


def test_rest_keeps_its_promises(city: SimpleNamespace) -> None:
    counted = fuzz(city, number=20261123, cases=30)
    assert len(counted) >= 14 and sum(counted.values()) >= 300, counted


@pytest.mark.soak
def test_rest_keeps_its_promises_twenty_thousand_times(city: SimpleNamespace) -> None:
    number = int(os.environ.get("MASSLINE_SEED") or random.SystemRandom().randrange(10**9))
    print(f"MASSLINE_SEED={number}")
    total = 0
    while total < 20_000:
        total += sum(fuzz(city, number, cases=400).values())
        number += 1
    print(f"{total} cases")
