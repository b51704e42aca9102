"""Creates a record through REST: the values of its kind's form, and the record because of which it is created."""

from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.tokens import SignedIn
from massline.acts import Invalid, NotVisible
from massline.rest import body_of, idempotency_key
from massline.rest_forms import form_values, storable
from records.creating import create, form_to_create, refusals_on_record
from records.kinds import NOT_THERE, record_type
from records.links import LED_TO
from records.rest.views import RecordList, private


class RecordsOpenToEntry(RecordList):
    """The list of a kind that officials can create."""

    def post(self, request: SignedIn) -> HttpResponseBase:
        key, body = idempotency_key(request), body_of(request)
        source, relation = _source(body.pop("source", None), request.user), _relation(body.pop("relation", LED_TO.name))
        with refusals_on_record(self.kind.kind):
            _kind, form = form_to_create(self.kind.kind, None, request.user, source)
            data = form_values(form.fields, body)
            make = partial(create, self.kind.kind, data, request.user, source, relation)
            if key and self.rest.once:
                sent = [body, str(source and source.matter), relation]
                return self._answer(request, self.rest.once(f"{request.user.pk}:{key}", sent, make))
            return self._answer(request, make(key=key or ""))

    def _answer(self, request: SignedIn, made: Any) -> HttpResponseBase:
        assert self.kind.create
        number = made.matter.key
        reveals = {name: getattr(made, name) for name in self.kind.create.reveals}
        try:
            seen = self.kind.visible(request.user, number)
        except NotVisible:
            return private({"number": number, "state": made.state, "gone": True, **reveals}, status=201)
        answer = private({**self.in_full(seen, request.user), **reveals}, status=201)
        answer["Location"] = request.build_absolute_uri(reverse(f"api_{self.kind.plural}_one", args=[number]))
        return answer


def _source(given: Any, user: User) -> Any:
    """Returns the named record of any kind; raises Invalid, the same for every one that does not exist for this
    person."""
    if given is None:
        return None
    match given:
        case {"kind": str(kind), "number": str(number)} if storable(kind + number) and "\0" not in number:
            try:
                return record_type(kind).visible(user, number)
            except NotVisible:
                raise Invalid({"source": [str(NOT_THERE)]}) from None
    raise Invalid({"source": [_("这里应当是一个对象，有 kind 和 number")]})


def _relation(given: Any) -> str:
    if not isinstance(given, str):
        raise Invalid({"relation": [_("这里应当是文字")]})
    return given
