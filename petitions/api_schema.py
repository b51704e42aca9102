"""What REST takes and gives, for the OpenAPI schema. Input is checked by the forms, output is that of show.py."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers as s

from massline.rest_acts import OpenAct
from massline.rest_shapes import component, serializer_of
from petitions import show
from petitions.forms import COMPLAINED_MAX
from petitions.models import ComplainedKind, Purpose, TellBy
from petitions.persons import MOST_PERSONS, MOST_REPRESENTATIVES

Serializer = s.Serializer[Any]


class ComplainedInput(Serializer):
    """Who is complained about (被反映人或单位)."""

    kind = s.ChoiceField(choices=ComplainedKind.choices)
    name = s.CharField(max_length=64)
    organ = s.CharField(max_length=64, required=False, allow_null=True, allow_blank=True)


class PetitionerInput(Serializer):
    name = s.CharField(max_length=64)
    phone = s.CharField(max_length=32)
    id_number = s.CharField(max_length=18, required=False, allow_null=True, allow_blank=True)
    email = s.EmailField(max_length=254, required=False, allow_null=True, allow_blank=True)
    address = s.CharField(max_length=200, required=False, allow_null=True, allow_blank=True)
    tell_by = s.ChoiceField(
        choices=TellBy.choices, required=False, allow_null=True, help_text=gettext_lazy("不填即为 sms")
    )


class RepresentativeInput(Serializer):
    """One more representative of a group (代表)."""

    name = s.CharField(max_length=64)
    phone = s.CharField(max_length=32, required=False, allow_null=True, allow_blank=True)


class FilingInput(Serializer):
    title = s.CharField(max_length=100)
    body = s.CharField(max_length=4000)
    category = s.CharField(max_length=6, help_text=gettext_lazy("/public/categories/ 中的代码"))
    region = s.CharField(max_length=12, help_text=gettext_lazy("/public/regions/ 中的代码"))
    purpose = s.ChoiceField(choices=Purpose.choices)
    petitioner = PetitionerInput()
    wish = s.CharField(max_length=4000, required=False, allow_null=True, allow_blank=True)
    place = s.CharField(max_length=200, required=False, allow_null=True, allow_blank=True)
    complained_about = s.ListField(child=ComplainedInput(), required=False, allow_null=True, max_length=COMPLAINED_MAX)
    persons = s.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_PERSONS,
        help_text=gettext_lazy("信访人数，包括提交人本人。不填即为 1。"),
    )  # fmt: skip
    representatives = s.ListField(
        child=RepresentativeInput(),
        required=False,
        allow_null=True,
        max_length=MOST_REPRESENTATIVES,
        help_text=gettext_lazy("其他代表。连同提交人本人最多五名，也不多于信访人数；写上本人也只算一名。"),
    )


class TrackInput(Serializer):
    number = s.CharField(max_length=40)
    tracking_code = s.CharField(max_length=60)


class OfficialInput(Serializer):
    demand = s.IntegerField(required=False, allow_null=True, help_text=gettext_lazy("第几项诉求；目前只有 1。"))


class ReceiptObligation(Serializer):
    rule = s.CharField()
    goal = s.CharField()
    basis = s.CharField()
    due_strict = s.CharField(help_text=gettext_lazy("按日数直接计算的期限：日期（至当日 24 时，北京时间）或者时刻。"))
    due_legal = s.CharField(help_text=gettext_lazy("遇休息日顺延后的期限。"))
    provisional = s.BooleanField()


class Receipt(Serializer):
    number = s.CharField()
    tracking_code = s.CharField()
    received_at = s.DateTimeField()
    persons = s.IntegerField(help_text=gettext_lazy("信访人数"))
    obligations = ReceiptObligation(many=True)


class EnteredPetition(Serializer):
    receipt = Receipt(help_text=gettext_lazy("交给信访人的回执，查询码只出现这一次。"))


class CodeNode(Serializer):
    """A code, and the codes below it."""

    code = s.CharField()
    name = s.CharField()

    def get_fields(self) -> Any:
        return super().get_fields() | {"children": CodeNode(many=True)}


TrackedPetition = component("TrackedPetition", {"acts": OpenAct(many=True)}, serializer_of(show.TrackedPetition))


FILING_EXAMPLES = [
    OpenApiExample(
        "a lamp that does not light",
        {
            "title": "楼道照明长期不亮",
            "body": "三单元楼道灯坏了两个月，多次找物业无果。",
            "category": "010101",
            "region": "990102000000",
            "purpose": "request",
            "wish": "请尽快修好",
            "complained_about": [{"kind": "organ", "name": "幸福里物业服务中心"}],
            "petitioner": {"name": "宋试民", "phone": "13900000000", "tell_by": "sms"},
        },
        request_only=True,
    ),
    OpenApiExample(
        "filed",
        {
            "number": "XF20261123-000042",
            "tracking_code": "7K3M-Q9TX-2B8C-ZR4V-WN6H",
            "received_at": "2026-11-23T09:12:30+08:00",
            "persons": 1,
            "obligations": [
                {
                    "rule": "XF01",
                    "goal": "登记、转送",
                    "basis": "《信访工作条例》第二十二条",
                    "due_strict": "2026-12-08",
                    "due_legal": "2026-12-08",
                    "provisional": False,
                }
            ],
        },
        response_only=True,
        status_codes=["201"],
    ),
]
TRACK_EXAMPLES = [
    OpenApiExample(
        "number and code", {"number": "XF20261123-000042", "tracking_code": "7K3M-Q9TX-2B8C-ZR4V-WN6H"},
        request_only=True,
    )
]  # fmt: skip
