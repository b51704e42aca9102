"""REST: what every endpoint shares. JSON comes in, is checked by the same forms as the pages', and every error is
problem details (RFC 9457).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, negotiation, parsers, renderers, serializers
from rest_framework.utils import encoders

from massline.acts import ActError, Invalid
from massline.limits import request_most
from massline.rest_shapes import members
from massline.time import local_time
from massline.web import problem_response

Body = Mapping[str, Any]
DEEPEST = 20
"""Levels of JSON that anybody means; more is an attack on whoever walks through it."""


class NotUnderstood(exceptions.APIException):
    status_code = 400
    default_detail = gettext_lazy("请求内容不是有效的 JSON 对象")


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = gettext_lazy("请求内容太大")


class TooOften(ActError):
    """More than one address may send in an hour."""

    status = 429
    title = gettext_lazy("提交得太频繁，请稍后再试")

    def __init__(self, wait: int) -> None:
        super().__init__()
        self.wait = wait


class StrictJSONParser(parsers.BaseParser):
    """UTF-8 JSON as the RFC has it; anything else is refused before anybody reads it."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        context = parser_context or {}
        most = request_most(context.get("view"), context.get("kwargs", {}))
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge()
        try:
            found = json.loads(raw.decode(), parse_constant=_not_json)
            _limit_depth(found, DEEPEST)
        except (ValueError, RecursionError):
            raise NotUnderstood() from None
        return found


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)


def _limit_depth(value: Any, left: int) -> None:
    if left == 0:
        raise ValueError("too deep")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _limit_depth(inner, left - 1)


def body_of(request: Any) -> dict[str, Any]:
    """The JSON object that was sent; none at all counts as an empty one."""
    if not isinstance(request.data, dict):
        raise NotUnderstood()
    return {name: value for name, value in request.data.items() if value is not None}


# --- From JSON to a form ------------------------------------------------------------------------------------------
def only_text(body: Body) -> bool:
    """Whether a form can take the values as they are."""
    return all(isinstance(value, str) and _storable(value) for value in body.values())


def _storable(text: str) -> bool:
    """Half of a surrogate pair is no character."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def form_values(fields: Mapping[str, forms.Field], body: Body) -> dict[str, Any]:
    """What the form takes of a JSON object, each value of the JSON type that the field has; others are faults."""
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name in fields.keys() & body.keys():
        try:
            values[name] = _value(fields[name], body[name])
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise Invalid(errors)
    return values


def _value(field: forms.Field, value: Any) -> Any:
    kind = json_type(field)
    if kind == "array":
        if not isinstance(value, list):
            raise ValueError(_("这里应当是一个列表"))
        return [_text(item) for item in value]
    if kind == "boolean" and isinstance(value, bool):
        return str(value).lower()
    if kind == "integer" and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("这里应当是文字"))
    if not _storable(value):
        raise ValueError(_("文字里有无法识别的字符"))
    return value


def json_type(field: forms.Field) -> str:
    """The JSON type of a form's field."""
    if isinstance(field, forms.MultipleChoiceField):
        return "array"
    if isinstance(field, forms.BooleanField):
        return "boolean"
    values = {value for value, _label in getattr(field, "choices", ())} if _short(field) else set()
    if values == {"true", "false"}:
        return "boolean"
    if isinstance(field, forms.IntegerField) or (values and all(isinstance(value, int) for value in values)):
        return "integer"
    return "string"


def _short(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)


def described(form: forms.BaseForm, by_code: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """A form's fields, so that a client can build it. Those of `by_code` have an endpoint of their own."""
    return [_described(name, field, name not in by_code) for name, field in form.fields.items()]


def _described(name: str, field: forms.Field, with_choices: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "label": str(field.label or name),
        "help": str(field.help_text),
        "type": json_type(field),
        "required": field.required,
        "min_length": getattr(field, "min_length", None),
        "max_length": getattr(field, "max_length", None),
        "choices": None,
    }
    if with_choices and isinstance(field, forms.ChoiceField):
        found["choices"] = [
            {"value": _plain_choice(v, found["type"]), "label": str(label)} for v, label in _pairs(field.choices)
        ]
    return found


def _pairs(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Each choice and its label; those of a group one by one."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _pairs(label)
        elif value != "":
            yield getattr(value, "value", value), label


def _plain_choice(value: Any, kind: str) -> Any:
    return value == "true" if kind == "boolean" else value


# --- From records to JSON -----------------------------------------------------------------------------------------
class Encoder(encoders.JSONEncoder):
    """Dataclasses by their members, instants with +08:00, texts in the reader's language."""

    def default(self, value: Any) -> Any:
        if is_dataclass(value):
            return members(value)
        return local_time(value).isoformat() if isinstance(value, datetime) else super().default(value)


class JSON(renderers.JSONRenderer):
    """JSON in UTF-8."""

    charset = None
    encoder_class = Encoder


class Lenient(negotiation.DefaultContentNegotiation):
    """Whoever accepts only something else gets JSON all the same: better than an answer about answers."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except exceptions.NotAcceptable:
            return renderers[0], renderers[0].media_type


# --- Errors -------------------------------------------------------------------------------------------------------
TITLES = {
    400: gettext_lazy("请求无法识别"),
    401: gettext_lazy("请先登录"),
    403: gettext_lazy("您没有这项权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("这个地址不支持该方法"),
    413: gettext_lazy("请求内容太大"),
    415: gettext_lazy("请发送 application/json"),
    429: gettext_lazy("请求太频繁，请稍后再试"),
}


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponseBase | None:
    """DRF's EXCEPTION_HANDLER: every foreseen error as problem details; the unforeseen ones go on to be logged."""
    if isinstance(error, Invalid):
        return problem_response(error.status, error.title, errors=error.errors)
    if isinstance(error, ActError):
        response = problem_response(error.status, error.title, error.message, **error.members)
        if isinstance(error, TooOften):
            response["Retry-After"] = str(error.wait)
        return response
    if isinstance(error, Http404):
        return problem_response(404, TITLES[404])
    if isinstance(error, PermissionDenied):
        return problem_response(403, TITLES[403])
    if isinstance(error, RequestDataTooBig):
        return problem_response(413, TITLES[413])
    if isinstance(error, BadRequest | SuspiciousOperation | UnicodeError):
        return problem_response(400, TITLES[400])
    if isinstance(error, exceptions.APIException):
        return _framework_problem(error)
    return None


def _framework_problem(error: exceptions.APIException) -> HttpResponseBase:
    status = error.status_code
    response = problem_response(status, TITLES.get(status, status), error.detail if status in (400, 401) else "")
    if challenge := getattr(error, "auth_header", ""):
        response["WWW-Authenticate"] = challenge
    return response


def refuse_unless_valid(form: forms.BaseForm) -> dict[str, Any]:
    """The form's cleaned data; raises Invalid."""
    if not form.is_valid():
        raise Invalid(messages_of(form))
    return form.cleaned_data


def messages_of(form: forms.BaseForm) -> dict[str, list[str]]:
    return {name: [str(m) for m in messages] for name, messages in form.errors.items()}


# --- Schema -------------------------------------------------------------------------------------------------------
class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457), sent as application/problem+json."""

    type = serializers.CharField(help_text="about:blank: the status says it all.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="For 422: messages by field, nested ones as in `petitioner.phone`, `complained_about.0.name`.",
    )


MEANINGS: dict[int, Any] = {
    400: gettext_lazy("不是 JSON，或者无法识别"),
    401: gettext_lazy("没有令牌，或者令牌不对、已过期、已作废"),
    403: gettext_lazy("不是您的职权"),
    404: gettext_lazy("没有，或者不在您的职责范围内"),
    409: gettext_lazy("当前状态下不能办理，或者正在处理"),
    422: gettext_lazy("字段有误"),
    429: gettext_lazy("太频繁；Retry-After 是应当等待的秒数"),
    503: gettext_lazy("还没有登记受理机构，暂时不能提交"),
}


def problems(*statuses: int) -> dict[Any, Any]:
    """The error answers of an endpoint, for the schema."""
    from drf_spectacular.utils import OpenApiResponse

    return {(s, "application/problem+json"): OpenApiResponse(Problem, MEANINGS[s]) for s in statuses}


def field_for_schema(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    """A form's field as the schema shows it: its type, its length, its short list of choices."""
    more: dict[str, Any] = {"required": field.required, "allow_null": not field.required}
    if field.label:
        more["label"] = str(field.label)
    kind = json_type(field)
    if kind == "array":
        return serializers.ListField(child=serializers.CharField(), **more)
    if kind == "boolean":
        return serializers.BooleanField(**more)
    if kind == "integer":
        return serializers.IntegerField(**more)
    for bound in ("min_length", "max_length"):
        more[bound] = getattr(field, bound, None)
    return serializers.CharField(allow_blank=not field.required, **more)
