"""The REST addresses for tracking: number and code open one record of any kind, and the citizen's acts on it."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import (
    OpenApiExample,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.citizen import Citizen
from citizens.filing.forms import TrackForm
from citizens.public_sides import public_side, public_sides
from citizens.rest.public import Public
from citizens.tracking.lookup import filing_of, find, own_door
from citizens.tracking.resulting_records import Grown, grown_from
from massline.acts import ActError, NotVisible, perform
from massline.rest import TooOften, body_of, problems
from massline.rest_acts import OpenAct, act_data, act_parameter, input_of_act, open_acts
from massline.rest_forms import form_values, refuse_unless_valid
from massline.rest_shapes import camel_case, component, members, serializer_of
from records.files.acts import ADDING
from records.files.upload_limits import max_json_bytes, wait_before_adding


class OpensElsewhere(ActError):
    """The number belongs to a kind that opens its records at an address of its own."""

    status = 422
    title = gettext_lazy("这类编号在专门的页面查询")

    def __init__(self, door: str) -> None:
        super().__init__(_("请到 page 所指的页面查询，这里不打开。"))
        self.members = {"errors": {"number": [str(self.title)]}, "page": reverse(door)}


def _opened(body: dict[str, Any], *, alone: bool = True) -> Any:
    """Returns the record that number and code open; the same 404 for a wrong code as for an unknown number."""
    opened = refuse_unless_valid(TrackForm(form_values(TrackForm.base_fields, body, alone=alone)))
    if door := own_door(opened["number"]):
        raise OpensElsewhere(door)
    record = find(opened["number"], opened["tracking_code"])
    if record is None:
        raise NotVisible(_("编号或查询码不对，请核对后再试。两者都印在回执上。"))
    return record


def _tracked(record: Any) -> Response:
    side, citizen = public_side(record.KIND), Citizen(filing_of(record))
    answer = {
        **members(side.shown(record)),
        "grown": [members(one) for one in grown_from(record)],
        "acts": open_acts(side.acts.open_to(record, citizen), record, citizen),
    }
    return Response(answer, headers={"Cache-Control": "no-store"})


class Track(Public):
    """`POST /public/track/`."""

    def post(self, request: Request) -> HttpResponseBase:
        return _tracked(_opened(body_of(request)))


class TrackAct(Public):
    """`POST /public/track/acts/{act}/`."""

    max_body_bytes = staticmethod(max_json_bytes)

    def post(self, request: Request, act: str) -> HttpResponseBase:
        body = body_of(request)
        record = _opened(body, alone=False)
        if act in ADDING and (wait := wait_before_adding(request._request, record)):
            raise TooOften(wait)
        citizen, chosen = Citizen(filing_of(record)), public_side(record.KIND).acts[act]
        given = {name: value for name, value in body.items() if name not in TrackForm.base_fields}
        perform(chosen, type(record), record.pk, citizen, act_data(chosen, record, citizen, given), seen=record)
        return _tracked(_opened(body, alone=False))


# --- Schema -------------------------------------------------------------------------------------------------------
class TrackInput(s.Serializer[Any]):
    number = s.CharField(max_length=40)
    tracking_code = s.CharField(max_length=60)


EXAMPLES = [
    OpenApiExample(
        "number and code",
        {"number": "XF20261123-000042", "tracking_code": "7K3M-Q9TX-2B8C-ZR4V-WN6H"},
        request_only=True,
    )
]


def _always(value: str) -> s.CharField:
    """Builds a text that is always this one: by its kind alone a record has one schema and no other."""
    return extend_schema_field({"type": "string", "enum": [value]})(type("Always", (s.CharField,), {}))()


def tracking_views() -> tuple[type[Track], type[TrackAct]]:
    """Builds both views with their schema, once every kind is registered."""
    common = {"grown": serializer_of(Grown)(many=True), "acts": OpenAct(many=True)}
    shapes: Any = {
        kind: component(f"Tracked{camel_case(kind)}", common | {"kind": _always(kind)}, serializer_of(side.shape))
        for kind, side in public_sides().items()
        if side.form and not side.door
    }
    tracked = PolymorphicProxySerializer("TrackedRecord", shapes, resource_type_field_name="kind")
    acts = {act.slug: act for side in public_sides().values() for act in side.acts}
    inputs = [
        input_of_act(f"Track{camel_case(kind)}", act, TrackInput)
        for kind, side in public_sides().items()
        for act in side.acts
    ]
    track = extend_schema(
        tags=["public"],
        summary=gettext_lazy("查询进度"),
        description=gettext_lazy("查询码不分大小写，空格、短横和形近字母写错也能识别。kind 说明是哪一类事项。"),
        operation_id="track",
        request=TrackInput,
        responses={200: tracked} | problems(400, 404, 409, 422),
        examples=EXAMPLES,
    )
    act = extend_schema(
        tags=["public"],
        summary=gettext_lazy("办理自己的事项：补充、撤回、催办、评价等"),
        description=gettext_lazy("需要编号和查询码。"),
        operation_id="track_act",
        parameters=[act_parameter(acts.values())],
        request=PolymorphicProxySerializer("TrackAct", inputs, resource_type_field_name=None),
        responses={200: tracked} | problems(400, 404, 409, 422, 429),
    )
    return (
        extend_schema_view(post=track)(type("TrackRecord", (Track,), {})),
        extend_schema_view(post=act)(type("TrackRecordAct", (TrackAct,), {})),
    )
