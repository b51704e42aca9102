"""Builds the addresses of every kind."""

from collections.abc import Iterator

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from massline.api_docs import GROUPS
from records.kinds import RecordType, record_types
from records.rest.kinds import KindsForMe
from records.rest.schema import KindSchema
from records.spills.rest import ReportSpill


def rest_urls() -> list[URLPattern]:
    """Returns the addresses of all registered kinds; called once all apps are ready."""
    GROUPS["kinds"] = gettext_lazy("事项种类")
    return [
        path("v1/kinds/", KindsForMe.as_view(), name="api_kinds"),
        path("v1/<slug:plural>/<slug:number>/spill/", ReportSpill.as_view(), name="api_report_spill"),
        *(pattern for kind in record_types() for pattern in rest_paths(kind)),
    ]


def rest_paths(kind: RecordType) -> Iterator[URLPattern]:
    """Returns the addresses of one kind, below `api/`, named by its plural."""
    if kind.rest is None:
        return
    GROUPS[kind.plural] = kind.title
    made, root, name = KindSchema(kind, kind.rest), f"v1/{kind.plural}/", f"api_{kind.plural}"
    one = f"{root}<slug:number>/"
    yield path(root, made.list().as_view(), name=name)
    if kind.bulk:
        yield path(f"{root}bulk/acts/<slug:act>/", made.bulk().as_view(), name=f"{name}_bulk")
    yield path(one, made.one().as_view(), name=f"{name}_one")
    yield path(f"{one}timeline/", made.timeline().as_view(), name=f"{name}_timeline")
    yield path(f"{one}acts/<slug:act>/", made.act().as_view(), name=f"{name}_act")
    if kind.documents:
        yield path(f"{one}documents/<slug:name>/", made.document().as_view(), name=f"{name}_document")
