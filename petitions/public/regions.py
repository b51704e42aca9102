"""The REST address of the regions for which petitions can be filed."""

from collections import defaultdict
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from citizens.rest.public import CodeNode, CodeTree
from petitions.public import receiving_office as office
from responsibility.models import Region


def region_tree() -> list[dict[str, Any]]:
    """Returns the tree of regions that a petition office serves; regions above these are left out."""
    served = office.places()
    known = {region.pk for region in served}
    below: dict[int | None, list[Region]] = defaultdict(list)
    for region in served:
        below[region.parent_id if region.parent_id in known else None].append(region)

    def branch(parent: int | None) -> list[dict[str, Any]]:
        return [{"code": r.code, "name": r.called, "children": branch(r.pk)} for r in below[parent]]

    return branch(None)


class Regions(CodeTree):
    tree = staticmethod(region_tree)

    @extend_schema(
        tags=["public"],
        summary=gettext_lazy("行政区划"),
        operation_id="petitions_regions",
        responses={200: CodeNode(many=True)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return self.answer(request)
