"""Reads the files of the demo; what they hold is described in their comments."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from responsibility.demo.units import unfold

HERE = Path(__file__).parent


@cache
def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def city() -> dict[str, Any]:
    """The whole city: city.toml, and the organs that units.toml tells in short."""
    more = unfold(read(HERE / "units.toml"))
    return {table: rows + more.get(table, []) for table, rows in read(HERE / "city.toml").items()}


def absences() -> dict[str, Any]:
    return read(HERE / "absences.toml")
