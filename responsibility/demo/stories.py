"""Keeps the stories of the demo: each mechanism registers what happens to its records, and they are played together.

A story is a function that gets the `Play` and plans its moments there. It is registered by its path and imported when
the demo is loaded, so that it costs nothing otherwise.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.module_loading import import_string

_paths: dict[str, str] = {}


def register(name: str, path: str) -> None:
    """Adds a story; refuses a name that another one has."""
    if _paths.setdefault(name, path) != path:
        raise ValueError(f"story registered twice: {name}")


def stories() -> Iterator[tuple[str, Any]]:
    """Every story with its name, in the order of registration."""
    return ((name, import_string(path)) for name, path in _paths.items())
