"""Describes what obligations are about, for the lists of the desk."""

from collections.abc import Collection

from accounts.models import User
from responsibility.models import Obligation
from responsibility.subjects import Described, adapter


def describe(owed: Collection[Obligation], user: User) -> dict[tuple[str, int], Described]:
    """Describes each obligation's record as this person may see it; a leader's duty to answer by what it answers
    for."""
    found: dict[tuple[str, int], Described] = {}
    root = {(o.subject_kind, o.subject_id): o.escalation.obligation if o.escalation else o for o in owed}
    for kind in {o.subject_kind for o in root.values()}:
        pks = {o.subject_id for o in root.values() if o.subject_kind == kind}
        seen = adapter(kind).describe(pks, user)
        found |= {key: seen[o.subject_id] for key, o in root.items() if o.subject_kind == kind and o.subject_id in seen}
    return found
