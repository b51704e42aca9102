"""The REST side of petitions: the ledger, one petition with everything its page shows, and the inputs of acts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from massline.acts import Invalid, NotVisible
from massline.rest import body_of
from petitions.desk import petition_view as show
from petitions.desk import schema as schema
from petitions.filing.entering import enter_once
from petitions.models import Channel, Demand, Purpose
from records.rest.side import RestSide

FILTERS = (
    OpenApiParameter("channel", str, enum=Channel.values, description=gettext_lazy("信访形式")),
    OpenApiParameter("purpose", str, enum=Purpose.values, description=gettext_lazy("信访目的")),
    OpenApiParameter("region", str, description=gettext_lazy("问题属地的区划代码，包含其下各级")),
    OpenApiParameter("group", bool, description=gettext_lazy("true：集体（五人以上）；false：不足五人")),
    OpenApiParameter(
        "q",
        str,
        description=gettext_lazy(
            "编号（或末四位以上数字），或者来件中的文字；几个词用空格隔开。从新到旧，最多列出 1000 件"
        ),
    ),
)


def act_body(request: Request, demand: Demand, slug: str) -> dict[str, Any]:
    """Returns the input of an act without the number of the demand, which it checks."""
    body = body_of(request)
    seq = body.pop("demand", 1)
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise Invalid({"demand": [_("这里应当是一个整数")]})
    if seq != 1:
        raise NotVisible(_("没有这项诉求"))
    return body


REST = RestSide(
    joined=("handler",),
    detail=show.PetitionFacts,
    more=show.facts,
    once=enter_once,
    reveals=schema.EnteredPetition,
    filters=FILTERS,
    act_body=act_body,
    act_base=schema.OfficialInput,
)
