"""The contact of the citizen that each way of telling needs."""

from citizens.models import TellBy

REACHED_BY: dict[str, str] = {
    TellBy.SMS: "phone", TellBy.PHONE: "phone", TellBy.EMAIL: "email", TellBy.LETTER: "address"
}  # fmt: skip
BY_NAME = frozenset({TellBy.LETTER, TellBy.PHONE})
"""The ways for which one has to know the name as well: what an envelope says, and for whom one asks."""


def needed_for(way: str) -> list[str]:
    """Returns the fields of the identity that an official needs for a way, the contact last."""
    return [*(["name"] if way in BY_NAME else []), REACHED_BY[way]]
