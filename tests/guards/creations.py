"""Requests that created a record."""

from typing import Any

from records.models import Creation
from tests.guards import refused


def _creation(city: Any) -> Creation:
    return Creation.objects.create(request=b"hash", kind="a", record=1, made_by=city.deputy)


@refused("created_once")
def _(city):
    _creation(city)
    _creation(city)
