"""The REST addresses of public lists, without sign-in."""

from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.catalogue.catalogue import Catalogue
from citizens.public_sides import public_side
from citizens.rest.public import Public
from massline.acts import NotVisible
from massline.rest import problems
from massline.rest_shapes import camel_case, component
from records.columns import fields_of
from records.kinds import record_type


class PublicList(Public):
    """`GET /public/{plural}/`."""

    catalogue: ClassVar[Catalogue]
    PARAMETERS = ("cursor",)

    def get(self, request: Request) -> HttpResponseBase:
        page = self.catalogue.page(request.query_params)
        return Response(
            {
                "results": [self.catalogue.cells(record) for record in page.rows],
                "next": page.next and request.build_absolute_uri(page.next),
                "previous": page.previous and request.build_absolute_uri(page.previous),
            }
        )


class PublicOne(Public):
    """`GET /public/{plural}/{number}/`."""

    catalogue: ClassVar[Catalogue]

    def get(self, request: Request, number: str) -> HttpResponseBase:
        record = self.catalogue.find(number)
        if record is None:
            raise NotVisible()
        return Response(self.catalogue.cells(record, whole=True))


def catalogue_views(kind: str) -> tuple[type[PublicList], type[PublicOne]]:
    """Builds the views of a kind's public list, with their schema."""
    catalogue, plural, title = public_side(kind).catalogue, record_type(kind).plural, camel_case(kind)
    assert catalogue is not None, f"{kind} has no catalogue"
    row = component(f"Public{title}Row", fields_of(catalogue.columns))
    whole = component(f"Public{title}", fields_of((*catalogue.columns, *catalogue.detail)))
    paged = {"results": row(many=True), "next": s.CharField(allow_null=True), "previous": s.CharField(allow_null=True)}
    listed = extend_schema(
        tags=["public"],
        operation_id=f"public_{plural}",
        summary=catalogue.heading,
        parameters=[OpenApiParameter("cursor", str, description=_("取自 next 或 previous"))],
        responses={200: component(f"Public{title}List", paged)} | problems(400),
    )
    one = extend_schema(
        tags=["public"],
        operation_id=f"public_{plural}_one",
        summary=catalogue.heading,
        responses={200: whole} | problems(404),
    )
    of_kind: dict[str, Any] = {"catalogue": catalogue}
    return (
        extend_schema_view(get=listed)(type(f"{title}PublicList", (PublicList,), of_kind)),
        extend_schema_view(get=one)(type(f"{title}PublicOne", (PublicOne,), of_kind)),
    )
