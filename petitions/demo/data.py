"""The files of the demo, read as they are; what they hold is described in their comments."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent.parent / "data" / "demo"


@lru_cache(maxsize=3)
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FILES / f"{name}.toml").read_text(encoding="utf-8"))
