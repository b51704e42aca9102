"""`python -m tests.check_circles`: fails when modules import each other in a circle, hide an import in a function, or
know from a model what lies above it. Reads the sources alone; what is only for the type checker is no import.

A package is in the check when import-linter knows it (pyproject.toml).
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent

INSIDE_FUNCTIONS = {
    "audit.apps": "the rights name tables, and are asked after a migrate alone",
    "massline.celery": "it is loaded before Django is set up",
    "massline.files.judge": "a process that judges one file loads what its task needs and no more",
    "massline.files.kinds": "it loads what the one file needs and no more",
}
"""Modules that import within a function, each with its reason. `ready` of an app's configuration always may: it runs
when the models are there."""


class Import(NamedTuple):
    importer: str
    imported: str
    function: str
    """The function that it stands in; empty at the top of the module."""


def packages() -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return list(tomllib.load(file)["tool"]["importlinter"]["root_packages"])


def modules(roots: list[str]) -> dict[str, Path]:
    """Every module by its name. Migrations are history and left out."""
    found = {}
    for path in (path for root in roots for path in (ROOT / root).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(name: str, tree: ast.Module, known: set[str]) -> Iterator[Import]:
    """What a module imports of the project's own modules, wherever it stands."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            waiting += [(other, function) for other in node.orelse]
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (Import(name, target, function) for target in _targets(node, known))
        inner = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        waiting += [(child, inner) for child in ast.iter_child_nodes(node)]


def _targets(node: ast.Import | ast.ImportFrom, known: set[str]) -> set[str]:
    """The modules that a statement imports: `from a import b` means a.b where that is a module, else a."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & known
    names = {f"{node.module}.{alias.name}" for alias in node.names}
    return (names & known) | ({str(node.module)} & known if names - known else set())


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The shortest way from a module back to itself; empty when there is none."""
    ways = [way for name in graph if (way := _way_back(graph, name))]
    return min(ways, key=len, default=[])


def _way_back(graph: dict[str, set[str]], start: str) -> list[str]:
    came: dict[str, str] = {}
    reached = [start]
    for here in reached:
        for there in sorted(graph.get(here, ())):
            if there == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if there not in came:
                came[there] = here
                reached.append(there)
    return []


def is_models(name: str) -> bool:
    """Whether records are declared in the module: it is called models, or lies in a package of that name."""
    return "models" in name.split(".")


def above_models(graph: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Imports of a model from a module of its own app that itself, by whatever way, stands upon the app's models."""
    for name in filter(is_models, graph):
        app = name.partition(".")[0]
        for other in graph[name]:
            if other.startswith(f"{app}.") and not is_models(other) and _reaches_models(graph, other, app):
                yield name, other


def _reaches_models(graph: dict[str, set[str]], name: str, app: str) -> bool:
    reached = [name]
    for here in reached:
        reached += [other for other in graph.get(here, ()) if other.startswith(f"{app}.") and other not in reached]
    return any(map(is_models, reached))


def faults(found: list[Import]) -> Iterator[str]:
    """What is wrong, a sentence each."""
    for name, other, function in found:
        may = name in INSIDE_FUNCTIONS or (function == "ready" and name.endswith(".apps"))
        if function and not may:
            yield f"{name}.{function}() imports {other}: to the top of the module with it"
    for name in sorted(INSIDE_FUNCTIONS.keys() - {i.importer for i in found if i.function}):
        yield f"{name} has no import within a function any more: out of INSIDE_FUNCTIONS with it"
    graph: dict[str, set[str]] = {}
    for name, other, _function in found:
        graph.setdefault(name, set()).add(other)
    if way := circle(graph):
        yield f"a circle: {' -> '.join(way)}"
    for name, other in above_models(graph):
        yield f"{name} imports {other}, which stands upon the models of its app"


def main() -> int:
    paths = modules(packages())
    found = [i for name, path in paths.items() for i in imports(name, ast.parse(path.read_bytes()), set(paths))]
    wrong = list(faults(found))
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
