"""Who is what to a regulation and to its texts, besides the roles of every record."""

from enum import StrEnum
from typing import Any

from responsibility.people import HeldPost


class RegulationRole(StrEnum):
    MEMBER = "member"
    """Holds a post in the organ that issues it; of a law from outside nobody does."""
    OWNER = "owner"
    """Holds the post that carries it out (执行主体)."""
    SUPERVISOR = "supervisor"
    """Holds the post that supervises it (检查监督)."""
    SYSTEM = "system"


def roles_towards(regulation: Any, held: HeldPost) -> frozenset[str]:
    """Returns the roles that holding this post gives towards a regulation, and so towards each of its texts."""
    said = {
        RegulationRole.MEMBER: held.organ == regulation.organ_id and not regulation.is_external,
        RegulationRole.OWNER: held.post == regulation.owner_id,
        RegulationRole.SUPERVISOR: held.post == regulation.supervisor_id,
    }
    return frozenset(role for role, holds in said.items() if holds)
