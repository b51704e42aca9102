"""REST for one act on many petitions: a result for each."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.views import APIView

from accounts.tokens import SignedIn
from massline.acts import Invalid
from massline.rest import Problem, body_of, problems
from massline.rest_forms import only_text
from massline.web import problem
from petitions.desk import PETITIONS
from records.bulk import MAX_AT_ONCE, Result, Status, bulk_act, perform_each
from records.rest.views import private

Serializer = s.Serializer[Any]
SLUGS = [each.act.slug for each in PETITIONS.bulk]


class PetitionBulkInput(Serializer):
    numbers = s.ListField(child=s.CharField(), min_length=1, max_length=MAX_AT_ONCE)
    organ = s.CharField(required=False, allow_null=True, help_text=gettext_lazy("forward：转送到哪个单位（代码）"))
    note = s.CharField(required=False, allow_null=True, help_text=gettext_lazy("forward：转办意见"))
    handler = s.CharField(required=False, allow_null=True, help_text=gettext_lazy("assign：经办人的用户名"))
    category = s.CharField(required=False, allow_null=True, help_text=gettext_lazy("register：不填即按信访人所选"))
    region = s.CharField(required=False, allow_null=True, help_text=gettext_lazy("register：不填即按信访人所选"))
    purpose = s.CharField(required=False, allow_null=True, help_text=gettext_lazy("register：不填即按信访人所选"))


class PetitionBulkResult(Serializer):
    number = s.CharField()
    status = s.ChoiceField(choices=[(status.value, status.value) for status in Status])
    problem = Problem(allow_null=True, help_text=gettext_lazy("被拒绝的原因；其余为 null。"))


class PetitionBulkResults(Serializer):
    results = PetitionBulkResult(many=True)


class BulkAct(APIView):
    @extend_schema(
        tags=["petitions"],
        summary=gettext_lazy("对多件信访事项办理同一步"),
        description=gettext_lazy(
            "一次最多 100 件，逐件办理、逐件回答：done 已办理，already 此前已是这样，refused 被拒绝。"
            "一件被拒绝不影响其余各件。"
        ),
        operation_id="petitions_bulk",
        parameters=[OpenApiParameter("act", str, OpenApiParameter.PATH, enum=SLUGS)],
        request=PetitionBulkInput,
        responses={200: PetitionBulkResults} | problems(400, 401, 403, 404, 422),
    )
    def post(self, request: SignedIn, act: str) -> HttpResponseBase:
        chosen, body = bulk_act(PETITIONS, act), body_of(request)
        numbers = _numbers(body.pop("numbers", None))
        if not only_text(body):
            faulty = [name for name, value in body.items() if not only_text({name: value})]
            raise Invalid({name: [_("这里应当是文字")] for name in faulty})
        found = perform_each(PETITIONS, chosen, numbers, request.user, body)
        return private({"results": [_shown(result) for result in found]})


def _numbers(given: Any) -> list[str]:
    fits = (
        isinstance(given, list)
        and only_text({str(n): each for n, each in enumerate(given)})
        and all("\0" not in n for n in given)
    )
    if not fits or not 0 < len(given) <= MAX_AT_ONCE:
        raise Invalid({"numbers": [_("这里应当是一个列表，有 1 到 %(most)s 个编号") % {"most": MAX_AT_ONCE}]})
    return list(given)


def _shown(result: Result) -> dict[str, Any]:
    error = result.error
    more = {"errors": error.errors} if isinstance(error, Invalid) else {}
    said = problem(error.status, error.title, "" if more else error.message, **more) if error else None
    return {"number": result.number, "status": result.status.value, "problem": said}
