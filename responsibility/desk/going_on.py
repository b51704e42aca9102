"""What a leader may open or propose because of the record that climbed to them; the parts above say it."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class GoingOn:
    """A link to the form of another record, because of this one."""

    label: str
    url: str


_found_by: list[Callable[[str, str, User], list[GoingOn]]] = []


def register(find: Callable[[str, str, User], list[GoingOn]]) -> None:
    """Adds a function that returns the links for a record, by its kind and number, and a person."""
    if find not in _found_by:
        _found_by.append(find)


def ways_on(kind: str, number: str, user: User) -> list[GoingOn]:
    return [link for find in _found_by for link in find(kind, number, user)]
