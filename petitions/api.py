"""REST for officials: the ledger, one petition, its timeline, and every act on it."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.tokens import SignedIn
from massline.acts import Invalid, NotVisible
from massline.rest import TooOften, body_of, messages_of, problems
from massline.rest_acts import act_parameter, inputs_of, open_acts
from petitions import api_schema as schema
from petitions import show
from petitions.acts import OFFICIAL_ACTS
from petitions.attachments.forms import most_in_json
from petitions.attachments.panel import ADDING
from petitions.attachments.rate import wait_before_adding
from petitions.columns import row
from petitions.filters import DemandFilter
from petitions.models import Demand, State
from petitions.reading import visible
from petitions.search import TooBroad, page_of
from records.links import LinkedRecord, links_of, with_links
from records.timeline import timeline
from responsibility.acting import perform_sent
from responsibility.show import escalations_about, instructions

PRIVATE = {"Cache-Control": "private, no-store"}
FILTERS = [
    OpenApiParameter("state", str, enum=State.values),
    OpenApiParameter("organ", str, description=gettext_lazy("现承办单位的代码")),
    OpenApiParameter("category", str, description=gettext_lazy("任一级内容分类的代码，包含其下各级")),
    OpenApiParameter("overdue", bool),
    OpenApiParameter("group", bool, description=gettext_lazy("true：集体（五人以上）；false：不足五人")),
    OpenApiParameter(
        "q",
        str,
        description=gettext_lazy(
            "编号（或末四位以上数字），或者来件中的文字；几个词用空格隔开。从新到旧，最多列出 1000 件"
        ),
    ),
    OpenApiParameter("cursor", str, description=gettext_lazy("取自 next 或 previous")),
]


class Ledger(APIView):
    @extend_schema(
        tags=["petitions"],
        summary=gettext_lazy("台账，按到期先后排列"),
        operation_id="ledger",
        parameters=FILTERS,
        responses={200: schema.Rows} | problems(400, 401, 403, 422),
    )
    def get(self, request: SignedIn) -> HttpResponseBase:
        visible = Demand.objects.for_user(request.user).select_related("petition", "organ", "handler")
        chosen = DemandFilter(request.GET, visible)
        if not chosen.is_valid():
            raise Invalid(messages_of(chosen.form))
        try:
            page = page_of(chosen, request.GET)
        except TooBroad:
            raise Invalid({"q": [_("要查的内容太多，请再加一个词，或者加上筛选条件")]}) from None
        now = timezone.now()
        found = {
            "results": [row(demand, now) for demand in page.rows],
            "next": page.next and request.build_absolute_uri(page.next),
            "previous": page.previous and request.build_absolute_uri(page.previous),
        }
        return Response(found, headers=PRIVATE)


def _detail(demand: Demand, user: Any) -> dict[str, Any]:
    acts = open_acts(OFFICIAL_ACTS.open_to(demand, user), demand, user)
    steps = escalations_about("petition", demand.pk)
    return (
        row(demand, timezone.now())
        | show.detail(demand)
        | {
            "obligations": show.obligations_of(demand, steps=True),
            "answers": show.answers(demand),
            "ratings": show.ratings(demand),
            "instructions": instructions(steps),
            "complained_about": show.complained(demand),
            "petitioner": show.petitioner(demand),
            "representatives": show.representatives(demand),
            "chain": show.chain_of(demand, steps) if demand.due_at else [],
            "links": [LinkedRecord(one).data for one in links_of(demand, user)],
            "acts": acts,
        }
    )


class OnePetition(APIView):
    @extend_schema(
        tags=["petitions"],
        summary=gettext_lazy("一件信访事项，以及您现在可以办理的步骤"),
        operation_id="petition",
        responses={200: schema.PetitionDetail} | problems(401, 403, 404),
    )
    def get(self, request: SignedIn, number: str) -> HttpResponseBase:
        demand = visible(request.user, number)
        return Response(_detail(demand, request.user), headers=PRIVATE)


class PetitionTimeline(APIView):
    @extend_schema(
        tags=["petitions"],
        summary=gettext_lazy("办理过程，从早到晚"),
        operation_id="timeline",
        responses={200: schema.Timeline} | problems(401, 403, 404),
    )
    def get(self, request: SignedIn, number: str) -> HttpResponseBase:
        demand = visible(request.user, number)
        happened = with_links(timeline(demand.matter, public=False), links_of(demand, request.user))
        return Response({"results": [asdict(one) for one in happened]}, headers=PRIVATE)


class PetitionAct(APIView):
    request_most = staticmethod(most_in_json)

    @extend_schema(
        tags=["petitions"],
        summary=gettext_lazy("办理一步"),
        description=gettext_lazy(
            "回答办理后的信访事项；如果办理后不再由您负责，只回答编号和状态。被拒绝的办理（403）会记录在案。"
        ),
        operation_id="act",
        parameters=[act_parameter(OFFICIAL_ACTS)],
        request=inputs_of("OfficialAct", OFFICIAL_ACTS, schema.OfficialInput),
        responses={
            200: PolymorphicProxySerializer(
                component_name="AfterAct",
                serializers=[schema.PetitionDetail, schema.Gone],
                resource_type_field_name=None,
            )
        }
        | problems(400, 401, 403, 404, 409, 422, 429),
    )
    def post(self, request: SignedIn, number: str, act: str) -> HttpResponseBase:
        demand = visible(request.user, number)
        if act in ADDING and (wait := wait_before_adding(request._request, demand, request.user)):
            raise TooOften(wait)
        body = body_of(request)
        _check_demand(body.pop("demand", 1))
        chosen = OFFICIAL_ACTS[act]
        done = perform_sent(chosen, demand, request.user, body)
        return Response(_after(done, request.user, number), headers=PRIVATE)


def _check_demand(seq: Any) -> None:
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise Invalid({"demand": [_("这里应当是一个整数")]})
    if seq != 1:
        raise NotVisible(_("没有这项诉求"))


def _after(done: Any, user: User, number: str) -> dict[str, Any]:
    unmasked, others = getattr(done, "unmasked", None), getattr(done, "unmasked_others", {})
    try:
        demand = visible(user, number)
    except NotVisible:
        return {"number": number, "state": done.state, "gone": True}
    demand.unmasked_others = others  # type: ignore[attr-defined]
    return _detail(demand, user) | ({"unmasked": unmasked} if unmasked is not None else {})
