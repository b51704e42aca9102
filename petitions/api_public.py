"""REST for citizens and the channels that serve them: filing, the two lists of codes, tracking."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from massline.acts import Invalid, NotVisible, perform
from massline.rest import IDEMPOTENCY_KEY, TooOften, body_of, idempotency_key, problems
from massline.rest_acts import act_data, act_parameter, inputs_of, open_acts
from massline.rest_forms import form_values, messages_of, refuse_unless_valid
from massline.rest_shapes import members
from massline.web import over_limit
from petitions import api_schema as schema
from petitions import filing, office, show
from petitions.acts import CITIZEN_ACTS
from petitions.entering import EntryForm
from petitions.filing import Filed, NoPetitionOffice
from petitions.forms import FilingForm, TrackForm, besides, check_persons
from petitions.idempotency import once
from petitions.models import Demand, TellBy
from petitions.signpost import ACCUSATION, NotReceivedHere
from petitions.tracking import find
from petitions.visibility import Citizen
from records.files.acts import ADDING
from records.files.upload_limits import max_json_bytes, wait_before_adding
from responsibility import content_classes
from responsibility.models import Region

PERSON = ("name", "phone", "tell_by", "email", "id_number", "address")
"""The fields of the form that stand under `petitioner` in JSON."""
OWN = ("purpose", "title", "body", "category", "wish", "region", "place", "persons")
LISTS = ("complained_about", "representatives")
CACHED = 3600


class Public(APIView):
    """No sign-in: whatever token is sent along is not looked at."""

    authentication_classes = ()
    permission_classes = ()


class Petitions(Public):
    @extend_schema(
        tags=["public"],
        operation_id="petitions_file",
        summary=gettext_lazy("提出信访事项"),
        description=gettext_lazy(
            "回答编号和查询码，查询码只出现这一次。带上 Idempotency-Key 重发同样的内容，24 小时内得到同样的回答。"
            "检举控告不在这里提出：purpose 为 accusation 的回答 422，where_to_turn 列出应当向哪里提出。"
        ),
        parameters=[IDEMPOTENCY_KEY],
        request=schema.FilingInput,
        responses={201: schema.Receipt} | problems(400, 409, 422, 429, 503),
        examples=schema.FILING_EXAMPLES,
    )
    def post(self, request: Request) -> HttpResponseBase:
        key, body = idempotency_key(request), body_of(request)
        if body.get("purpose") == ACCUSATION:
            raise NotReceivedHere()
        try:
            data = _filing_data(body)
        except Invalid:
            if not office.is_open():
                raise office.NotOpen from None
            raise

        def file() -> Filed:
            wait = over_limit("file", request._request, settings.FILING_LIMIT)
            if wait:
                raise TooOften(wait)
            return _file(data)

        if key is None:
            receipt = file().receipt()
        else:
            receipt = dict(once(f"api:{key}", data | {"region": data["region"].code}, file))
        return Response(receipt, status=201, headers={"Cache-Control": "no-store"})


def _file(data: dict[str, Any]) -> Filed:
    try:
        return filing.file(data)
    except NoPetitionOffice:
        raise Invalid({"region": [_("这个地方还没有可以受理的信访部门")]}) from None


def _filing_data(body: dict[str, Any]) -> dict[str, Any]:
    """What a valid FilingForm holds, out of the JSON; errors under the JSON's names."""
    errors: dict[str, list[str]] = {}
    person = _object(body.get("petitioner", {}), "petitioner", errors)
    fields = FilingForm.base_fields
    values = {"tell_by": TellBy.SMS.value}
    for names, given, prefix in ((OWN, body, ""), (PERSON, person, "petitioner.")):
        try:
            values |= form_values({name: fields[name] for name in names}, given)
        except Invalid as error:
            errors |= {prefix + name: messages for name, messages in error.errors.items()}
    form = FilingForm(values)
    for name, messages in messages_of(form).items():
        errors.setdefault(f"petitioner.{name}" if name in PERSON else name, messages)
    lists: dict[str, Any] = {name: [] for name in LISTS}
    for name in LISTS:
        try:
            lists |= form_values({name: EntryForm.base_fields[name]}, body)
        except Invalid as error:
            errors |= error.errors
    others = besides(form.cleaned_data, lists["representatives"])
    try:
        check_persons(form.cleaned_data.get("persons"), len(others))
    except ValidationError as error:
        errors.setdefault("persons", error.messages)
    if errors:
        raise Invalid(errors)
    data = {name: form.cleaned_data[name] for name in (*OWN, *PERSON)}
    return data | lists | {"representatives": others}


def _object(value: Any, name: str, errors: dict[str, list[str]]) -> dict[str, Any]:
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if inner is not None}
    errors[name] = [_("这里应当是一个对象")]
    return {}


class CodeTree(Public):
    """A tree of {code, name, children}, cacheable, named in the reader's language."""

    tree: Callable[[], Any]

    def _answer(self, request: Request) -> HttpResponseBase:
        response = Response(self.tree())
        response = self.finalize_response(request, response)
        response.render()
        response["ETag"] = etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["Cache-Control"] = f"public, max-age={CACHED}"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return get_conditional_response(request._request, etag=etag, response=response) or response


def region_tree() -> list[dict[str, Any]]:
    """The regions that a petition department serves; what lies above these is no place to file for."""
    served = office.places()
    known = {region.pk for region in served}
    below: dict[int | None, list[Region]] = defaultdict(list)
    for region in served:
        below[region.parent_id if region.parent_id in known else None].append(region)

    def branch(parent: int | None) -> list[dict[str, Any]]:
        return [{"code": r.code, "name": r.name, "children": branch(r.pk)} for r in below[parent]]

    return branch(None)


class Categories(CodeTree):
    tree = staticmethod(content_classes.tree)

    @extend_schema(
        tags=["public"],
        summary=gettext_lazy("内容分类"),
        operation_id="petitions_categories",
        responses={200: schema.CodeNode(many=True)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return self._answer(request)


class Regions(CodeTree):
    tree = staticmethod(region_tree)

    @extend_schema(
        tags=["public"],
        summary=gettext_lazy("行政区划"),
        operation_id="petitions_regions",
        responses={200: schema.CodeNode(many=True)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return self._answer(request)


def _opened(body: dict[str, Any]) -> Demand:
    """The petition that number and code open; the same 404 for a wrong code as for an unknown number."""
    opened = refuse_unless_valid(TrackForm(form_values(TrackForm.base_fields, body)))
    demand = find(opened["number"], opened["tracking_code"])
    if demand is None:
        raise NotVisible(_("编号或查询码不对，请核对后再试。两者都印在回执上。"))
    return demand


def _tracked(demand: Demand) -> Response:
    citizen = Citizen(demand.petition_id)
    acts = open_acts(CITIZEN_ACTS.open_to(demand, citizen), demand, citizen)
    return Response({**members(show.tracked(demand)), "acts": acts}, headers={"Cache-Control": "no-store"})


class Track(Public):
    @extend_schema(
        tags=["public"],
        summary=gettext_lazy("查询进度"),
        description=gettext_lazy("查询码不分大小写，空格、短横和形近字母写错也能识别。"),
        operation_id="petitions_track",
        request=schema.TrackInput,
        responses={200: schema.TrackedPetition} | problems(400, 404, 422),
        examples=schema.TRACK_EXAMPLES,
    )
    def post(self, request: Request) -> HttpResponseBase:
        return _tracked(_opened(body_of(request)))


class TrackAct(Public):
    max_body_bytes = staticmethod(max_json_bytes)

    @extend_schema(
        tags=["public"],
        summary=gettext_lazy("在自己的信访事项上补充、撤回、催办、评价"),
        description=gettext_lazy("需要编号和查询码。"),
        operation_id="petitions_track_act",
        parameters=[act_parameter(CITIZEN_ACTS)],
        request=inputs_of("PetitionTrack", CITIZEN_ACTS, schema.TrackInput),
        responses={200: schema.TrackedPetition} | problems(400, 404, 409, 422, 429),
    )
    def post(self, request: Request, act: str) -> HttpResponseBase:
        body = body_of(request)
        demand = _opened(body)
        if act in ADDING and (wait := wait_before_adding(request._request, demand)):
            raise TooOften(wait)
        citizen, chosen = Citizen(demand.petition_id), CITIZEN_ACTS[act]
        perform(chosen, Demand, demand.pk, citizen, act_data(chosen, demand, citizen, body), seen=demand)
        return _tracked(_opened(body))
