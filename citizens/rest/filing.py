"""The REST addresses for filing: one a kind, checked by the form of its page."""

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.filing.forms import HIDDEN, PERSON, besides, check_persons
from citizens.filing.idempotency import once
from citizens.filing.open_for_filing import NotOpen
from citizens.filing.public_form import PublicForm
from citizens.filing.receipt import Filed
from citizens.models import TellBy
from citizens.public_sides import public_side
from citizens.rest.public import Public
from massline.acts import Invalid, NotVisible
from massline.rest import IDEMPOTENCY_KEY, TooOften, body_of, idempotency_key, problems
from massline.rest_acts import input_of
from massline.rest_forms import field_for_schema, form_values, messages_of, unknown_names
from massline.rest_shapes import camel_case, component
from massline.web import over_limit


class FileRecord(Public):
    """Files a record of one kind."""

    kind = ""

    @property
    def form(self) -> PublicForm:
        found = public_side(self.kind).form
        if found is None:
            raise NotVisible()
        return found

    def post(self, request: Request) -> HttpResponseBase:
        key, body = idempotency_key(request), body_of(request)
        self.form.refuse(body)
        try:
            data = filing_data(self.form, body)
        except Invalid:
            if not self.form.ready():
                raise NotOpen from None
            raise

        def file() -> Filed:
            wait = over_limit(f"file:{self.kind}", request._request, self.form.limit())
            if wait:
                raise TooOften(wait)
            return self.form.file(data)

        if key is None:
            with transaction.atomic():
                receipt = file().receipt()
        else:
            receipt = dict(once(f"api:{self.kind}:{key}", data, file))
        return Response(receipt, status=201, headers={"Cache-Control": "no-store"})


def own_fields(form: PublicForm) -> dict[str, Any]:
    """Returns the form's fields about the matter, without those about the person who files."""
    return {name: f for name, f in form.form.base_fields.items() if name not in (*PERSON, *HIDDEN)}  # type: ignore[attr-defined]


def person_fields(form: PublicForm) -> dict[str, Any]:
    return {name: form.form.base_fields[name] for name in PERSON}  # type: ignore[attr-defined]


def filing_data(form: PublicForm, body: dict[str, Any]) -> dict[str, Any]:
    """Returns the form's data from the JSON; raises Invalid under the JSON's names."""
    errors: dict[str, list[str]] = {}
    person = _object(body.get(form.person, {}), form.person, errors)
    values: dict[str, Any] = {"tell_by": TellBy.SMS.value}
    errors |= unknown_names(body, (*own_fields(form), *form.entries, form.person))
    errors |= {f"{form.person}.{name}": messages for name, messages in unknown_names(person, PERSON).items()}
    for fields, given, prefix in (
        (own_fields(form), body, ""),
        (person_fields(form), person, f"{form.person}."),
    ):
        try:
            values |= form_values(fields, given, alone=False)
        except Invalid as error:
            errors |= {prefix + name: messages for name, messages in error.errors.items()}
    bound = form.form(values)
    for name, messages in messages_of(bound).items():
        errors.setdefault(f"{form.person}.{name}" if name in PERSON else name, messages)
    data = {name: bound.cleaned_data.get(name) for name in (*own_fields(form), *PERSON)}
    data |= _lists(form, body, data, errors)
    if errors:
        raise Invalid(errors)
    return data


def _lists(
    form: PublicForm, body: dict[str, Any], data: dict[str, Any], errors: dict[str, list[str]]
) -> dict[str, Any]:
    """Returns the entries of the lists; the person who files is no other representative."""
    lists: dict[str, Any] = {name: [] for name in form.entries}
    for name, field in form.entries.items():
        try:
            lists |= form_values({name: field}, body, alone=False)
        except Invalid as error:
            errors |= error.errors
    if "representatives" in lists:
        lists["representatives"] = besides(data, lists["representatives"])
        try:
            check_persons(data.get("persons"), len(lists["representatives"]))
        except ValidationError as error:
            errors.setdefault("persons", error.messages)
    return lists


def _object(value: Any, name: str, errors: dict[str, list[str]]) -> dict[str, Any]:
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if inner is not None}
    errors[name] = [_("这里应当是一个对象")]
    return {}


# --- Schema -------------------------------------------------------------------------------------------------------
class ReceiptObligation(s.Serializer[Any]):
    """What is owed from now on, on the day of the receipt."""

    rule = s.CharField()
    goal = s.CharField()
    basis = s.CharField()
    due_strict = s.CharField(help_text=gettext_lazy("按日数直接计算的期限：日期（至当日 24 时，北京时间）或者时刻。"))
    due_legal = s.CharField(help_text=gettext_lazy("遇休息日顺延后的期限。"))
    provisional = s.BooleanField()


@cache
def receipt_of(kind: str, form: PublicForm) -> Any:
    """Builds the receipt of a kind as a component of the schema."""
    declared = {
        "number": s.CharField(),
        "tracking_code": s.CharField(),
        "received_at": s.DateTimeField(),
        **form.receipt,
        "obligations": ReceiptObligation(many=True),
    }
    return component(f"{camel_case(kind)}Receipt", declared)


def told_by() -> Any:
    """Returns the field for the way of telling, which REST may leave out."""
    return s.ChoiceField(
        choices=TellBy.choices, required=False, allow_null=True, help_text=gettext_lazy("不填即为 sms")
    )


def filing_view(kind: str, plural: str) -> type[FileRecord]:
    """Builds the view on which records of a kind are filed, with its schema."""
    form = public_side(kind).form
    assert form is not None, f"{kind} is not filed by citizens"
    title = camel_case(kind)
    person = {form.person: input_of(f"{title}FiledBy", person_fields(form), tell_by=told_by())()}
    lists = {name: field_for_schema(field) for name, field in form.entries.items()}
    documented = extend_schema(
        tags=["public"],
        operation_id=f"{plural}_file",
        summary=gettext_lazy("提交"),
        description=form.description,
        parameters=[IDEMPOTENCY_KEY],
        request=input_of(f"{title}FilingInput", own_fields(form), **person, **lists),
        responses={201: receipt_of(kind, form)} | problems(400, 409, 422, 429, 503),
        examples=list(form.examples),
    )
    return extend_schema_view(post=documented)(type(f"{title}Filing", (FileRecord,), {"kind": kind}))
