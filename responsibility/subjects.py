"""What obligations are about. A mechanism says here how the chain finds its work; it is never imported."""

from collections.abc import Collection
from typing import Any, Protocol

from responsibility.chain import Work
from responsibility.models import Matter

__all__ = ["Adapter", "Matter", "adapter", "register"]


class Adapter(Protocol):
    def works(self, pks: Collection[int]) -> dict[int, Work]:
        """The work behind each record, in a fixed number of queries."""

    def reassign(self, pk: int, post: int) -> None:
        """Another post does the work from now on."""

    def visible_to(self, user: Any) -> Any:
        """A queryset of the ids of the records that exist for this person."""


_adapters: dict[str, Adapter] = {}


def register(kind: str, adapter: Adapter) -> None:
    _adapters[kind] = adapter


def adapter(kind: str) -> Adapter:
    return _adapters[kind]
