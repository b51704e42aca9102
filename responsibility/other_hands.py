"""Keeps doing and verifying in different hands, by the people who did each act on a record over its whole life."""

from dataclasses import dataclass

from accounts.models import User
from audit import events
from audit.models import AuditEvent
from massline.acts import Doing
from responsibility.recording import STOOD_IN_FOR, Recorded, subject_of


@dataclass(frozen=True)
class PastActors:
    """The people who did some acts on a record, and those whom they stood in for."""

    usernames: frozenset[str]
    names: frozenset[str]
    """Of events that name the person stood in for, without a username."""

    def include(self, user: User) -> bool:
        return user.username in self.usernames or user.name in self.names


def did_before(doing: Doing) -> bool:
    """Tells whether this person, or a stand-in for them, did one of the act's `other_hands_than` before."""
    user, slugs = doing.actor, doing.act.other_hands_than
    return isinstance(user, User) and past_actors(doing.record, slugs).include(user)


def past_actors(record: Recorded, slugs: tuple[str, ...]) -> PastActors:
    """Returns who did these acts on the record; read once for each record object."""
    known = record.__dict__.setdefault("_past_actors", {})
    if slugs not in known:
        known[slugs] = _read(record, slugs)
    found: PastActors = known[slugs]
    return found


def _read(record: Recorded, slugs: tuple[str, ...]) -> PastActors:
    done = AuditEvent.objects.about(subject_of(record)).filter(actor_kind="user", facts__act__in=slugs)
    done = done.exclude(name=events.ACT_REFUSED.name)  # an act that was tried and refused is not done
    usernames, names = set(), set()
    for username, label, stood_in_for in done.values_list("actor_key", "acted_for", f"facts__{STOOD_IN_FOR}"):
        usernames |= {username, *(stood_in_for or ())}
        names |= {name for name in label.split("、") if name and stood_in_for is None}
    return PastActors(frozenset(usernames), frozenset(names))
