"""A citizen as an actor: a person without an account who has shown a tracking code."""

from dataclasses import dataclass

ROLE = "citizen"
"""The role of a citizen towards their own record."""


@dataclass(frozen=True)
class Citizen:
    """A citizen who has shown the tracking code (查询码) of what they filed, and acts on that alone."""

    filing: int
    kind: str = "citizen"
    key: str = ""
    label: str = "citizen"
    acted_for: str = ""
