"""Links between records."""

from typing import Any

from django.utils import timezone

from records.models import Link
from tests.guards import refused


def _link(city: Any, target: int = 2) -> Link:
    return Link.objects.create(
        source_kind="a", source_id=1, source_key="A-1", target_kind="a", target_id=target, target_key=f"A-{target}",
        relation="led_to", event=1, made_at=timezone.now(), made_by=city.deputy,
    )  # fmt: skip


@refused("linked_once")
def _(city):
    _link(city)
    _link(city)


@refused("linked_to_another")
def _(city):
    _link(city, target=1)
