"""REST keeps what its schema promises, whatever it is asked: bounded here, at full size in `make soak`."""

import os
import random
from types import SimpleNamespace

import pytest

from records.kinds import record_types
from tests.api import V1
from tests.api_fuzz import fuzz

pytestmark = pytest.mark.django_db
SEED = 20261123
DEEP = (
    f"POST {V1}/public/petitions/ 201",
    f"POST {V1}/public/track/ 200",
    f"GET {V1}/petitions/{{number}}/ 200",
    f"POST {V1}/petitions/{{number}}/acts/{{act}}/ 200",
    f"GET {V1}/escalations/{{id}}/ 200",
    f"POST {V1}/escalations/{{id}}/acts/{{act}}/ 200",
)
"""Answers that only a case gets that passed every check."""


def test_rest_keeps_its_promises(city: SimpleNamespace) -> None:
    print(f"MASSLINE_SEED={SEED}")
    others = {one.plural for one in record_types()} - {"petitions"}  # whose own tests send any input
    answers = fuzz(city, number=SEED, cases=30, without=others)
    asked = {answer.rsplit(" ", 1)[0] for answer in answers}
    assert len(asked) >= 14 and answers.total() >= 300, answers
    for deep in DEEP:
        assert answers[deep], f"no case got as far as {deep}: {answers}"


@pytest.mark.soak
def test_rest_keeps_its_promises_twenty_thousand_times(city: SimpleNamespace) -> None:
    number = int(os.environ.get("MASSLINE_SEED") or random.SystemRandom().randrange(10**9))
    print(f"MASSLINE_SEED={number}")
    total = 0
    while total < 20_000:
        total += fuzz(city, number, cases=400).total()
        number += 1
    print(f"{total} cases")
