"""Links above a list to what else can be done with the records that it shows. Apps above this one register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.desk import DeskRequest
from records.kinds import RecordType


@dataclass(frozen=True)
class ListLink:
    """A page that lists lead to, with the filter that the list is narrowed by."""

    label: Any
    icon: str
    url: Callable[[DeskRequest, RecordType], str]
    """Its address for the list of a kind as it is narrowed now; empty for users who may not open it."""


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
    """What the list of a kind leads this person to."""
    found = ((link, link.url(request, kind)) for link in _links)
    return [ShownLink(link.label, link.icon, url) for link, url in found if url]
