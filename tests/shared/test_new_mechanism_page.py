"""docs/a-new-mechanism.md cannot go stale unseen: the modules, names and places that it uses are there."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from responsibility.rules import rules

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/a-new-mechanism.md").read_text()
MADE_BY_IT = ("visits", "tests/visits", "tests/shared/kinds/visit.")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)


def imported() -> Iterator[tuple[str, str]]:
    """(module, name): each name that the page's code imports from what is there before it."""
    for block in blocks("python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] != "visits":
                yield from ((node.module, alias.name) for alias in node.names)


def is_there(module: str, name: str) -> bool:
    return hasattr(import_module(module), name) or find_spec(f"{module}.{name}") is not None


def test_what_its_code_imports_is_there() -> None:
    found = set(imported())
    assert len(found) > 20 and [each for each in found if not is_there(*each)] == []


def test_the_places_that_it_names_are_there() -> None:
    named = re.findall(r"`((?:[a-z]+/)+[\w/.]*)`", PAGE)
    others = [place for place in named if not place.startswith((*MADE_BY_IT, "demo/"))]
    assert len(others) > 10 and [place for place in others if not (ROOT / place).exists()] == []


def test_its_rules_are_nobody_elses_and_rest_on_an_instrument_of_all() -> None:
    (block,) = blocks("toml")
    shared = tomllib.loads((ROOT / "responsibility/data/rules.toml").read_text())["instruments"]
    for code, rule in tomllib.loads(block)["rules"].items():
        assert code not in rules() and {one["instrument"] for one in rule["editions"]} <= shared.keys()
