"""Writes an act's event to the log, the same for every kind of record.

The record says what it is (`matter`) and which posts give an official an act (`posts_used`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from accounts.models import User
from audit import context, events, log
from massline.acts import Act, Doing, Refused
from responsibility.people import HeldPost, position_of
from responsibility.subjects import Matter

STOOD_IN_FOR = "stood_in_for"
"""The fact of an act's event that has the usernames of those whom the actor stood in for."""


class Recorded(Protocol):
    """A record that an act is done to, as far as the log needs it."""

    @property
    def matter(self) -> Matter: ...

    def posts_used(self, actor: Any, who: frozenset[str]) -> set[int]:
        """Returns the posts that give this official one of these roles towards it."""


def subject_of(record: Recorded) -> log.Subject:
    """Returns the record's name in the log."""
    return log.Subject(record.matter.kind, record.matter.key)


def record_act(doing: Doing) -> int:
    """Writes the act's event before anything changes, on the timeline of the record, and returns its id."""
    used = posts_acted_in(doing)
    facts: dict[str, Any] = {"act": str(doing.act.slug), "from": doing.state_before, "at": doing.at.isoformat()}
    if stood_in_for(used):
        facts[STOOD_IN_FOR] = [held.acting_for_user for held in used if held.acting_for_user]
    return log.record(
        doing.act.event_of(doing),
        subject=subject_of(doing.record),
        actor=context.actor_of(doing.actor).on_behalf_of(stood_in_for(used)),
        facts=facts | organ_of(doing, used) | doing.facts,
    )


@contextmanager
def refusals_on_record(record: Recorded, act: Act) -> Iterator[None]:
    """Records an event when a person tries an act that they may not do; the refusal is raised again."""
    try:
        yield
    except Refused:
        log.record_refusal(events.ACT_REFUSED, subject=subject_of(record), facts={"act": act.slug})
        raise


def acting_organ(doing: Doing) -> str:
    """Returns the name of the organ for which an official acts; empty for citizens and the system."""
    return organ_of(doing, posts_acted_in(doing)).get("by", "")


def posts_acted_in(doing: Doing) -> list[HeldPost]:
    """Returns the posts of this official that give them the act; none for citizens and the system."""
    if not isinstance(doing.actor, User):
        return []
    posts = doing.record.posts_used(doing.actor, doing.act.roles)
    return [held for held in position_of(doing.actor).held if held.post in posts]


def stood_in_for(used: Iterable[HeldPost]) -> str:
    """Returns the names of those whom a stand-in acts for (代理); empty when a post of the actor's own gives the
    act."""
    return "" if any(not held.acting_for for held in used) else "、".join(held.acting_for for held in used)


def organ_of(doing: Doing, used: Iterable[HeldPost]) -> dict[str, str]:
    """Returns the organ that acts, for the event's facts."""
    held = [*used, *position_of(doing.actor).held] if isinstance(doing.actor, User) else [*used]
    return {"by": held[0].organ_name} if held else {}
