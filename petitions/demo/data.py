"""The files of the demo; what they hold is described in their comments."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from petitions.demo.units import unfold

FILES = Path(__file__).parent.parent / "data" / "demo"


@lru_cache(maxsize=6)
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FILES / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def city() -> dict[str, Any]:
    """The whole city: city.toml, and the organs that units.toml tells in short."""
    more = unfold(read("units"))
    return {table: rows + more.get(table, []) for table, rows in read("city").items()}
