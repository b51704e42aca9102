"""The addresses of a kind on the desk, as many as its declaration has need of."""

from collections.abc import Iterator

from django.urls import URLPattern

from records.bulk_pages import bulk_path
from records.create_pages import create_path
from records.documents.pages import document_paths
from records.files.acts import Attach
from records.files.pages import file_paths
from records.importing.pages import import_paths
from records.kinds import RecordType
from records.list_pages import list_paths
from records.record_page import record_paths


def desk_paths(kind: RecordType, *own: URLPattern) -> list[URLPattern]:
    """The list at `desk/{plural}/` and all below it; `own` pages of the kind come before those of one record."""
    return [*list_paths(kind, f"desk/{kind.plural}/"), *own, *_below(kind)]


def _below(kind: RecordType) -> Iterator[URLPattern]:
    if kind.create:
        yield create_path(kind)
    if kind.bulk:
        yield bulk_path(kind)
    if kind.importer:
        yield from import_paths(kind, f"desk/{kind.plural}/imports/")
    yield from record_paths(kind)
    if any(act.slug == Attach.slug for act in kind.acts):
        yield from file_paths(kind)
    if kind.documents:
        yield from document_paths(kind)
