"""Ways to break what the database guards, by the name of the constraint or trigger that refuses."""

from collections.abc import Callable
from typing import Any

Breaks = Callable[[Any], Any]
BROKEN: dict[str, list[Breaks]] = {}


def refused(name: str) -> Callable[[Breaks], Breaks]:
    """Registers a way to break a constraint of this name."""

    def keep(breaks: Breaks) -> Breaks:
        BROKEN.setdefault(name, []).append(breaks)
        return breaks

    return keep
