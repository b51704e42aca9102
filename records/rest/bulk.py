"""Does one act on many records of a kind through REST, with a result for each."""

from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tokens import SignedIn
from massline.acts import Invalid
from massline.rest import Problem, body_of
from massline.rest_acts import fields_of_act
from massline.rest_forms import only_text, unknown_names
from massline.web import problem
from records.bulk import MAX_AT_ONCE, Result, Status, bulk_act, perform_each
from records.rest.views import KindView, private


@dataclass(frozen=True)
class BulkResult:
    """The result for one record."""

    number: str
    ok: Annotated[bool, gettext_lazy("已办理，或者此前已是这样。")]
    status: Status
    problem: Annotated[Problem | None, gettext_lazy("被拒绝的原因；其余为 null。")]


class RecordsBulkAct(KindView):
    def post(self, request: SignedIn, act: str) -> HttpResponseBase:
        chosen, body = bulk_act(self.kind, act), body_of(request)
        numbers = _numbers(body.pop("numbers", None))
        if wrong := unknown_names(body, ["numbers", *fields_of_act(chosen.act)]):
            raise Invalid(wrong)
        if not only_text(body):
            faulty = [name for name, value in body.items() if not only_text({name: value})]
            raise Invalid({name: [_("这里应当是文字")] for name in faulty})
        found = perform_each(self.kind, chosen, numbers, request.user, body)
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


def _shown(result: Result) -> BulkResult:
    error = result.error
    more = {"errors": error.errors} if isinstance(error, Invalid) else {}
    said: Any = problem(error.status, error.title, "" if more else error.message, **more) if error else None
    return BulkResult(result.number, result.status != Status.REFUSED, result.status, said)
