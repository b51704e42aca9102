"""What the database refuses of every kind that has the columns of `records.models.Record`."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from records.models import Record
from tests.chain_lab import constraint, event
from tests.shared.kinds import KINDS, all_kinds, declared, given, grouped

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BREAKS: dict[str, dict[str, Any]] = {
    "%(class)s_category": {"category": "01"},
    "%(class)s_legal_after_strict": {"strict_at": NOW, "due_at": NOW - timedelta(days=1)},
}
"""Constraints by the names that they are declared under, and columns that break each."""


@pytest.fixture(autouse=True)
def kinds_of_tests() -> Iterator[None]:
    with all_kinds():
        yield


def of_every_record(model: Any) -> set[str]:
    """The names of the constraints that this model has from `Record`."""
    declares = Record._meta.constraints if issubclass(model, Record) else ()
    return {each.name % {"class": model.__name__.lower()} for each in declares}


def test_every_constraint_of_a_record_is_broken() -> None:
    assert set(BREAKS) == {each.name for each in Record._meta.constraints}


@grouped("guards", [kind for kind in KINDS if issubclass(declared(kind).model, Record)])
def test_the_database_refuses(city: SimpleNamespace, kind: str) -> None:
    of, model = given(kind), declared(kind).model
    of.city(city)
    record = of.make(city)
    for name, columns in BREAKS.items():
        event()
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            model._default_manager.filter(pk=record.pk).update(**columns)
        assert constraint(caught.value) == name % {"class": model.__name__.lower()}
