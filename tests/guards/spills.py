"""Spills: one at a time for a record, decided by another than reported it, erased on an order."""

from datetime import date
from typing import Any

from django.utils import timezone

from records.models import Spill
from tests.guards import refused

NUMBERS = iter(range(10**6))


def _spill(city: Any, **more: Any) -> Spill:
    given = {
        "source_kind": "a", "source_id": 1, "source_key": "A-1", "organ": city.organ["office"], "place": "text",
        "reported_by": city.handler, "number": f"DJ-{next(NUMBERS)}",
    }  # fmt: skip
    return Spill.objects.create(**given | more)


def _decided(city: Any, state: str, **more: Any) -> Spill:
    return _spill(city, **{"state": state, "decided_by": city.chief, "decided_at": timezone.now()} | more)


@refused("frozen_once_at_a_time")
def _(city):
    _decided(city, "released")
    _spill(city)
    _spill(city)


@refused("spill_state")
def _(city):
    _decided(city, "lost")


@refused("spill_decided_by_whom")
def before_it_is_decided(city):
    _spill(city, decided_by=city.chief)


@refused("spill_decided_by_whom")
def by_nobody(city):
    _decided(city, "released", decided_by=None)


@refused("spill_decided_by_another")
def _(city):
    _decided(city, "released", decided_by=city.handler)


@refused("spill_erased_on_order")
def without_a_number(city):
    _decided(city, "erased", order_date=date(2026, 9, 1))


@refused("spill_erased_on_order")
def an_order_and_released(city):
    _decided(city, "released", order_number="保办〔2026〕3号", order_date=date(2026, 9, 1))
