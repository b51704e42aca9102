"""Builds the conditions for what exists for a person, over the records of every kind."""

from collections.abc import Callable, Hashable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable, RawSQL

from accounts.models import Kind, User
from massline import compiled
from massline.time import today
from responsibility.people import position_of
from responsibility.subjects import adapter, kinds

NOTHING = Q(pk__in=[])


def position(user: User) -> Hashable:
    """Returns the person, their posts and the day: a kind of record goes by nothing else when it says what exists for
    them, waits for them, or is kept from them (`visible_to`, `waiting_for`, `walled_from` and `recused_from` of its
    adapter). Which records these are the database says."""
    posts = position_of(user).digest if user.kind == Kind.OFFICIAL else ""
    return user.pk, user.kind, user.is_active, posts, today(), kinds()


def ids(user: User, what: Hashable, rows: Callable[[], QuerySet[Any]]) -> RawSQL:
    """Returns the ids of rows that go by the position of the user alone; compiled once for it."""
    return compiled.ids((what, position(user)), rows)


def recused_ids(kind: str, user: User) -> RawSQL | None:
    """Returns the ids of the records of a kind from which this person is recused; none where it recuses nobody."""
    found = compiled.statement((("recused", kind), position(user)), lambda: adapter(kind).recused_from(user))
    return None if found == compiled.NO_ROWS else RawSQL(*found)  # noqa: S611 - the ORM's


def visible_ids(kind: str, user: User) -> RawSQL:
    """Returns the ids of the records of a kind that exist for this person."""
    return ids(user, ("visible", kind), lambda: adapter(kind).visible_to(user))


def visible_to(user: User, about: str = "") -> Q:
    """Builds the condition for obligations about records that exist for this person; `about` leads to the
    obligation."""
    return reduce(or_, (_among(kind, visible_ids(kind, user), about) for kind in kinds()), NOTHING)


def waiting_for(user: User) -> Q:
    """Builds the condition for obligations whose records' next act is this person's, without a post of theirs owing
    it."""
    waiting = ((kind, adapter(kind).waiting_for(user)) for kind in kinds())
    return reduce(or_, (_among(kind, rows) for kind, rows in waiting if not rows.query.is_empty()), NOTHING)


def _among(kind: str, pks: Any, about: str = "") -> Q:
    """Builds the condition for obligations about these records: an id says nothing without its kind."""
    return Q(**{f"{about}subject_kind": kind, f"{about}subject_id__in": pks})


def on_walled_records(user: User, about: str = "") -> Q:
    """Builds the condition for notices about records that were walled off since, so that this person may not know of
    them any more; `about` leads to the notice."""
    keys = ((kind, adapter(kind).walled_from(user, OuterRef(f"{about}subject_key"))) for kind in kinds())
    walled = (Q(**{f"{about}subject_kind": kind}) & Q(key) for kind, key in keys if not key.query.is_empty())
    return reduce(or_, walled, NOTHING)


def walled_off(rows: QuerySet[Any], number: str, key: Combinable, user: User) -> Exists:
    """Builds the condition that this is the key of one of these records, which does not exist for this person."""
    kind = rows.model.KIND  # type: ignore[attr-defined]
    return Exists(rows.filter(**{number: key}).exclude(pk__in=visible_ids(kind, user)))
