"""Knows the actor and the request of now. Asked at the moment of writing: a sign-in inside a request counts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import structlog


@dataclass(frozen=True)
class Actor:
    """A person, or the system. `label` is copied to the log for readers; `acted_for` names whom they stand in for."""

    kind: str
    key: str
    label: str
    acted_for: str = ""

    @property
    def id(self) -> str:
        """The actor's name in row images: the user name, or "citizen", or "system"."""
        return self.key or self.kind

    def on_behalf_of(self, label: str) -> Actor:
        return replace(self, acted_for=label)


CITIZEN = Actor("citizen", "", "citizen")
SYSTEM = Actor("system", "", "system")


def actor_of(user: object) -> Actor:
    """Makes the actor of a user; one who has not signed in is a citizen."""
    if isinstance(user, Actor):
        return user
    if not getattr(user, "is_authenticated", False):
        return CITIZEN
    username = user.get_username()  # type: ignore[attr-defined]
    return Actor("user", username, getattr(user, "name", "") or username)


@dataclass(frozen=True)
class Context:
    find_actor: Callable[[], Actor]
    request_id: str


_NOBODY = Context(lambda: SYSTEM, "")
current: ContextVar[Context] = ContextVar("audit_context", default=_NOBODY)


def actor() -> Actor:
    """Returns the actor of now; the system when no person acts."""
    return current.get().find_actor()


def request_id() -> str:
    """Returns the request's id of the structured logs; django-structlog hands it on to the tasks that a request
    wakes."""
    known = current.get().request_id or structlog.contextvars.get_contextvars().get("request_id") or ""
    return str(known)[:64]


@contextmanager
def acting(who: Actor | Callable[[], Actor], *, request_id: str | None = None) -> Iterator[None]:
    """Makes this the actor of everything inside. A function is called each time, at the moment of writing."""
    before = current.get()
    find = who if callable(who) else lambda: who
    token = current.set(Context(find, before.request_id if request_id is None else request_id))
    try:
        yield
    finally:
        current.reset(token)


def new_request_id() -> str:
    return str(uuid.uuid4())
