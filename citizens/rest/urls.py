"""The REST addresses for citizens: filing and public lists, one a kind; number and code; content classes."""

from django.urls import URLPattern, path

from citizens.public_sides import PublicSide, public_sides
from citizens.rest.catalogue import catalogue_views
from citizens.rest.filing import filing_view
from citizens.rest.public import Categories
from citizens.rest.tracking import tracking_views
from massline.rest_shapes import camel_case
from records.kinds import record_type


def public_urls() -> list[URLPattern]:
    """Returns the addresses for the kinds that are open to citizens when addresses are read."""
    track, track_act = tracking_views()
    return [
        *(address for kind, side in public_sides().items() for address in kind_paths(kind, side)),
        path("v1/public/categories/", Categories.as_view(), name="api_categories"),
        path("v1/public/track/", track.as_view(), name="api_track"),
        path("v1/public/track/acts/<slug:act>/", track_act.as_view(), name="api_track_act"),
    ]


def kind_paths(kind: str, side: PublicSide) -> list[URLPattern]:
    """Returns the addresses of one kind. Filing and the public list share one: a POST files, a GET lists."""
    plural = record_type(kind).plural
    base, found = f"v1/public/{plural}/", []
    views: list[type] = [filing_view(kind, plural)] if side.form else []
    if side.catalogue:
        listed, one = catalogue_views(kind)
        views.append(listed)
        found.append(path(f"{base}<slug:number>/", one.as_view(), name=f"api_public_{kind}_one"))
    if views:
        both = type(f"Public{camel_case(kind)}", tuple(views), {})
        found.append(path(base, both.as_view(), name=f"api_public_{kind}"))  # type: ignore[attr-defined]
    return found
