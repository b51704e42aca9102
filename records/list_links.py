"""Registers links above a list to other pages for the records that it shows, such as an export."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.desk import DeskRequest
from records.kinds import RecordType


@dataclass(frozen=True)
class ListLink:
    """A page that lists lead to, with the filter of the list."""

    label: Any
    icon: str
    url: Callable[[DeskRequest, RecordType], str]
    """Returns its address for the list of a kind as it is narrowed now; empty for users who may not open it."""


@dataclass(frozen=True)
class ShownLink:
    """A link as one list shows it."""

    label: Any
    icon: str
    url: str


_links: list[ListLink] = []


def register(*links: ListLink) -> None:
    _links.extend(links)


def links_above(kind: RecordType, request: DeskRequest) -> list[ShownLink]:
    """Returns the links above the list of a kind for this person."""
    found = ((link, link.url(request, kind)) for link in _links)
    return [ShownLink(link.label, link.icon, url) for link, url in found if url]
