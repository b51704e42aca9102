"""Shared apps name no mechanism: `python -m tests.check_names`, a part of `make check`.

What a shared app needs to know, the mechanism registers. Looked at are imports, identifiers and strings of Python and
the words of shared templates; docstrings, comments, data, migrations and the modules that compose the project are not.
What still remains is counted by file in REMAINING and may only shrink.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ("audit", "accounts", "responsibility", "records", "citizens", "reports", "massline")
COMPOSE = {"massline/settings.py", "massline/urls.py", "massline/api_urls.py", "massline/celery.py"}
"""They put the parts of the project together, and name them all."""
WORDS = {
    "petition", "petitions", "demand", "demands", "ledger", "transferred",
    "institution", "institutions", "education", "supervision", "inspection", "accountability", "assessment",
}  # fmt: skip
"""The mechanisms, their kinds and their addresses: not even as a part of a name."""
WHOLE = {"contact", "transfer", "transfers"}
"""Words that mean other things as well: not as a string, an address or a package by themselves."""
TEMPLATES = (
    "base.html", "40*.html", "4*.html", "500.html", "api/*.html", "desk/base.html", "desk/create_from.html",
    "desk/escalation.html", "desk/escalations.html", "desk/inbox.html", "desk/message.html", "desk/my_work.html",
    "desk/password.html", "desk/preferences.html", "desk/record.html", "desk/secrecy.html", "desk/sign_in.html",
    "desk/undelivered.html", "components/act.html", "components/card.html", "components/chain.html",
    "components/error.html", "components/field.html", "components/form.html", "components/instructions.html",
    "components/language.html", "components/light.html", "components/links.html", "components/messages.html",
    "components/obligation.html", "components/obligations.html", "components/pages.html", "components/rows.html",
    "components/rows_field.html", "components/size.html",
    "components/summary.html", "components/rungs_below.html", "components/timeline.html", "django/**/*.html",
    "records/*.html", "desk/dashboard.html", "desk/bulletin_wait.html", "desk/export*.html",
    "public/catalogue*.html", "public/receipt.html", "public/track*.html", "desk/letters*.html", "desk/person.html",
    "components/documents.html", "components/figure_count.html", "components/figure_table.html", "components/rate.html",
)  # fmt: skip
"""The templates that every mechanism's pages use, and those of the shared apps."""
LIBRARIES = {"i18n", "l10n", "static", *(path.stem for path in (ROOT / "massline/templatetags").glob("*.py"))}
"""Tag libraries of Django and of the lowest app: those that a shared template may load."""

REMAINING: dict[str, int] = {"accounts/desk.py": 1, "responsibility/management/commands/load_demo.py": 1}
"""How many of these names each file still has: that of one demo account. Mend some and write the smaller number; a
larger one is refused."""

LOADS = re.compile(r"{% load ([^%]+) %}")
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def named(text: str) -> bool:
    """Whether a name or a string names a mechanism."""
    return text in WHOLE or not WORDS.isdisjoint(part.lower() for part in PART.findall(text))


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """Strings that stand by themselves: docstrings of modules, classes and functions, and those below a name."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _said(node: ast.AST) -> Iterator[str]:
    """What a node of the syntax tree names by itself."""
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom():
            yield node.module or ""
            yield from (alias.name for alias in node.names)
        case ast.Name():
            yield node.id
        case ast.Attribute():
            yield node.attr
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name
        case ast.arg() | ast.keyword():
            yield node.arg or ""
        case ast.Constant(value=str()):
            yield node.value


def in_python(source: str) -> list[tuple[int, str]]:
    """The names of mechanisms in a module, by line."""
    tree = ast.parse(source)
    prose = _docstrings(tree)
    found = [
        (getattr(node, "lineno", 0), word)
        for node in ast.walk(tree)
        if node not in prose
        for word in _said(node)
        if _is_said(node, word)
    ]
    return sorted(found)


def _is_said(node: ast.AST, word: str) -> bool:
    """A word of many meanings counts as a string or a package, not as a variable."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return any(named(part) for part in word.split("."))
    return named(word) and (isinstance(node, ast.Constant) or word not in WHOLE)


def in_template(source: str) -> list[tuple[int, str]]:
    """The names of mechanisms in a template, and libraries of apps above those that share it, by line."""
    lines = re.sub(r"\{#.*?#\}", "", source).splitlines()
    words = [(n, word) for n, line in enumerate(lines, 1) for word in re.findall(r"[A-Za-z_]+", line)]
    loaded = [(n, lib) for n, line in enumerate(lines, 1) for tag in LOADS.findall(line) for lib in tag.split()]
    foreign = [(n, f"{{% load {library} %}}") for n, library in loaded if library not in LIBRARIES]
    return foreign + [(n, word) for n, word in words if named(word) and word not in WHOLE]


def shared_files() -> Iterator[Path]:
    for app in SHARED:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in COMPOSE:
                yield path
    yield from sorted({path for pattern in TEMPLATES for path in (ROOT / "templates").glob(pattern)})


def found_in(path: Path) -> list[tuple[int, str]]:
    source = path.read_text()
    return in_python(source) if path.suffix == ".py" else in_template(source)


def faults(found: dict[str, list[tuple[int, str]]], remaining: dict[str, int]) -> Iterable[str]:
    counts = Counter({name: len(lines) for name, lines in found.items()})
    for name in sorted(set(counts) | set(remaining)):
        if counts[name] > remaining.get(name, 0):
            yield f"{name}: {counts[name]} names of mechanisms, {remaining.get(name, 0)} remained:"
            yield from (f"    {name}:{line}: {word[:70]!r}" for line, word in found[name])
        elif counts[name] < remaining[name]:
            yield f"{name}: {counts[name]} names of mechanisms are left: write that down in tests/check_names.py"


def main() -> int:
    found = {str(path.relative_to(ROOT)): found_in(path) for path in shared_files()}
    said = list(faults({name: lines for name, lines in found.items() if lines}, REMAINING))
    print("\n".join(said), file=sys.stderr, end="\n" if said else "")
    return bool(said)


if __name__ == "__main__":
    sys.exit(main())
