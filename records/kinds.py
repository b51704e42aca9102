"""The declaration of a kind of record, and the registry of all kinds.

A mechanism declares each of its kinds once, in its `desk.py`; pages, REST, lists, exports and the shared tests read the
declaration. This module knows no mechanism by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from massline.acts import Acts, NotVisible

CITIZEN = _("群众")


@dataclass(frozen=True)
class RecordType:
    """One kind of record: what it is called, what can happen to it, and how lists, pages and REST show it."""

    kind: str
    """Its name in the log, in obligations and in REST: `petition`."""
    plural: str
    """Its part of addresses: `/desk/petitions/`, `/api/v1/petitions/`."""
    title: Any
    """What one is called (lazy)."""
    model: type[models.Model]
    """Has `objects.for_user(user)`, `locked`, `roles_of`, `matter`, `state`."""
    acts: Acts
    """What officials can do to it."""
    final: frozenset[str]
    """The states in which nothing is owed any more."""
    number: str = "number"
    """The lookup from the model to the number that people know it by."""
    citizen: Any = CITIZEN
    """What its pages call somebody from outside who acts on one (lazy)."""
    menu: Callable[[User], bool] = lambda user: True
    """Who finds it in the menu and among the kinds of REST."""


_kinds: dict[str, RecordType] = {}


def register(declared: RecordType) -> RecordType:
    """Adds a kind; refuses a name or an address that another one has."""
    if declared.kind in _kinds or any(other.plural == declared.plural for other in _kinds.values()):
        raise ValueError(f"kind declared twice: {declared.kind}")
    _kinds[declared.kind] = declared
    return declared


def record_types() -> tuple[RecordType, ...]:
    """Every kind, in the order of registration."""
    return tuple(_kinds.values())


def number_of(kind: str, pk: int) -> str:
    """The number by which people know a record."""
    declared = record_type(kind)
    return str(declared.model._base_manager.values_list(declared.number, flat=True).get(pk=pk))


def record_type(kind: str) -> RecordType:
    """The kind of this name; raises NotVisible."""
    try:
        return _kinds[kind]
    except KeyError:
        raise NotVisible() from None


def title_of(kind: str) -> Any:
    """What one record of a kind is called; its plain name where nobody has declared it."""
    return _kinds[kind].title if kind in _kinds else kind
