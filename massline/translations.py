"""The English translations: found in the source, kept in locale/en, compiled for Django, without gettext's tools."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
PO = BASE / "locale/en/LC_MESSAGES/django.po"
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def source_strings() -> Catalog:
    """Collects every string of the source that readers see."""
    catalog = Catalog(locale="en")
    place: Any  # a file without a line number, so that moving code changes nothing
    for path, source in _sources():
        for _, message, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            place = (path, None)
            catalog.add(message, locations=[place], context=context)
    return catalog


def _sources() -> Iterator[tuple[str, str]]:
    for app in (name for name in settings.INSTALLED_APPS if (BASE / name).is_dir()):
        for path in sorted((BASE / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(BASE)), path.read_text()
    for pattern in ("*.html", "*.txt"):
        for path in sorted((BASE / "templates").rglob(pattern)):
            name = str(path.relative_to(BASE))
            source = templatize(path.read_text(), origin=name)
            yield name, "\n".join(line.lstrip() for line in source.splitlines())  # indentation is not Python's there


def stored_strings() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compile_changed() -> bool:
    """Compiles every catalogue that is newer than its .mo file; whole or not at all."""
    changed = False
    for po in sorted((BASE / "locale").rglob("*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        fresh = mo.with_name(f".{mo.name}")
        with po.open("rb") as source, fresh.open("wb") as target:
            write_mo(target, read_po(source))
        fresh.rename(mo)
        changed = True
    return changed


def update() -> int:
    """Adds what is new, without a translation yet, and says where each string stands. Nothing is thrown away."""
    catalog, known, added = source_strings(), stored_strings(), 0
    for message in _messages(catalog):
        old = known.get(message.id, message.context)
        added += old is None
        if old is None:
            known.add(message.id, locations=message.locations, context=message.context, flags=message.flags)
        else:
            old.locations = message.locations
    with PO.open("wb") as file:
        write_po(file, known, include_lineno=False, sort_by_file=False, ignore_obsolete=True, width=120)
    return added


def faults() -> list[str]:
    """Lists texts that are not translated, or wrongly."""
    known = stored_strings()
    said = []
    for message in _messages(source_strings()):
        entry = known.get(message.id, message.context)
        where = f"{message.locations[0][0]}: {_first(message)!r}"
        if entry is None:
            said.append(f"{where} is not in the catalogue")
        elif entry.fuzzy:
            said.append(f"{where} is fuzzy")
        elif not all(_forms(entry)):
            said.append(f"{where} has no English")
        elif any(_placeholders(form) - _placeholders(*_ids(entry)) for form in _forms(entry)):
            said.append(f"{where} has other placeholders in English")
    return said


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _first(message: Message) -> str:
    return _ids(message)[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _placeholders(*texts: str) -> set[str]:
    return {a or b for text in texts for a, b in PLACEHOLDER.findall(text)}
