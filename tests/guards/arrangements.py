"""The arrangements of holidays."""

from typing import Any

from django.utils import timezone

from responsibility.models import ArrangedDay, Arrangement
from tests.guards import refused


def _arrangement(**more: Any) -> Arrangement:
    return Arrangement.objects.create(
        **{"version": 2, "year": 2027, "source": "通知", "loaded_at": timezone.now()} | more
    )


@refused("year_once_a_version")
def _(city):
    _arrangement()
    _arrangement()


@refused("version_counts_from_one")
def _(city):
    _arrangement(version=0)


@refused("arrangement_has_its_source")
def _(city):
    _arrangement(source="")


@refused("day_once_an_arrangement")
def _(city):
    known = ArrangedDay.objects.first()
    assert known is not None
    ArrangedDay.objects.create(arrangement=known.arrangement, day=known.day, name="另一", off=False)
