"""The pages of public lists, for each kind that has a catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from citizens.catalogue.catalogue import Catalogue
from citizens.public_sides import public_side, public_sides
from records.columns import Column
from records.kinds import record_type


def catalogue_of(kind: str) -> Catalogue:
    """Returns the catalogue of a kind; raises Http404 where it has none."""
    found = public_side(kind).catalogue
    if found is None:
        raise Http404
    return found


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Leads to every public list that there is."""
    found = [(reverse(f"catalogue_{kind}"), side.catalogue) for kind, side in public_sides().items() if side.catalogue]
    return render(request, "public/lists.html", {"lists": found})


def catalogue_paths(kind: str) -> list[URLPattern]:
    """Returns the addresses of the public list of a kind and of one record in it."""

    @require_safe
    def listed(request: HttpRequest) -> HttpResponse:
        catalogue = catalogue_of(kind)
        page = catalogue.page(request.GET)
        entries = [_entry(kind, catalogue, record) for record in page.rows]
        context = {"catalogue": catalogue, "entries": entries, "page": page}
        return render(request, "public/catalogue.html", context)

    @require_safe
    def one(request: HttpRequest, number: str) -> HttpResponse:
        catalogue = catalogue_of(kind)
        record = catalogue.find(number)
        context = {"catalogue": catalogue, "list_url": reverse(f"catalogue_{kind}")}
        if record is None:
            if (ended := catalogue.ended(number)) is None:
                raise Http404
            return render(request, "public/catalogue_ended.html", context | {"ended": ended}, status=410)
        cells = catalogue.cells(record, whole=True, page=True)
        context["facts"] = _facts((*catalogue.columns, *catalogue.detail), cells)
        return render(request, "public/catalogue_one.html", context)

    base = f"public/{record_type(kind).plural}/"
    return [
        path(base, listed, name=f"catalogue_{kind}"),
        path(f"{base}<slug:number>/", one, name=f"catalogue_{kind}_one"),
    ]


def _facts(columns: Iterable[Column], cells: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Returns the headings and values of a record, without empty ones."""
    said = [(column.heading, cells.get(column.name)) for column in columns]
    return [(heading, value) for heading, value in said if value not in (None, "")]


@dataclass(frozen=True)
class Entry:
    """One record in the list: the first column is its title."""

    title: Any
    url: str
    facts: list[tuple[Any, Any]]


def _entry(kind: str, catalogue: Catalogue, record: Any) -> Entry:
    first, *others = catalogue.columns
    cells = catalogue.cells(record, page=True)
    url = reverse(f"catalogue_{kind}_one", args=[catalogue.key(record)])
    return Entry(cells[first.name], url, _facts(others, cells))
