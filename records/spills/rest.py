"""Reports a spill through REST."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s

from accounts.tokens import SignedIn
from massline.acts import NotVisible
from massline.rest import body_of, problems
from massline.rest_endpoint import Endpoint
from massline.rest_forms import form_values, refuse_unless_valid
from massline.rest_shapes import component
from records.kinds import kind_at
from records.rest.views import private
from records.spills.models import Spill, SpillPlace
from records.spills.reporting import PlaceForm, may_report, report

SpillReport = component("SpillReport", {"place": s.ChoiceField(choices=SpillPlace.choices)})
Frozen = component("FrozenRecord", {"number": s.CharField(), "frozen": s.BooleanField()})


class ReportSpill(Endpoint):
    """`POST /{plural}/{number}/spill/`, for every kind."""

    @extend_schema(
        tags=["kinds"],
        summary=_("报告泄密：立即冻结"),
        operation_id="report_spill",
        request=SpillReport,
        responses={200: Frozen} | problems(401, 403, 404, 409, 422),
    )
    def post(self, request: SignedIn, plural: str, number: str) -> HttpResponseBase:
        declared = kind_at(plural)
        record: Any = declared.visible(request.user, number, to_show=False)
        if not may_report(request.user) or declared.kind == Spill.KIND:
            raise NotVisible()
        data = refuse_unless_valid(PlaceForm(form_values(PlaceForm.base_fields, body_of(request))))
        report(record, data["place"], request.user, timezone.now())
        return private({"number": number, "frozen": True})
