"""The inputs and answers of petitions in the OpenAPI schema that their declaration does not give."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers as s

from citizens.rest.filing import receipt_of
from petitions.models import Demand
from petitions.public.side import FORM

Serializer = s.Serializer[Any]


class OfficialInput(Serializer):
    demand = s.IntegerField(required=False, allow_null=True, help_text=gettext_lazy("第几项诉求；目前只有 1。"))


class EnteredPetition(Serializer):
    receipt = receipt_of(Demand.KIND, FORM)(help_text=gettext_lazy("交给信访人的回执，查询码只出现这一次。"))
