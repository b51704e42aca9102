"""REST: what every endpoint shares. JSON comes in, is checked by the same forms as the pages', and every error is
problem details (RFC 9457).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any, NoReturn

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import exceptions, negotiation, parsers, renderers, serializers
from rest_framework.utils import encoders

from massline.acts import ActError, Invalid
from massline.pages import BadCursor
from massline.request_size import max_body_bytes
from massline.rest_shapes import members
from massline.time import local_time
from massline.web import problem_response

MAX_DEPTH = 20
"""The most levels of JSON that a client can mean; more is an attack on the code that walks through it."""


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
        limit = max_body_bytes(context.get("view"), context.get("kwargs", {}))
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge()
        try:
            found = json.loads(raw.decode(), parse_constant=_not_json)
            _limit_depth(found, MAX_DEPTH)
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
    """Returns the JSON object that was sent; none at all counts as an empty one."""
    if not isinstance(request.data, dict):
        raise NotUnderstood()
    return {name: value for name, value in request.data.items() if value is not None}


KEY = re.compile(r"[\x21-\x7e]{8,200}")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("8 到 200 个可见的 ASCII 字符"),
)


def idempotency_key(request: Any) -> str | None:
    """Returns the Idempotency-Key of a request: with the same key it is done once, however often it is sent."""
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise Invalid({"Idempotency-Key": [_("应当是 8 到 200 个可见的 ASCII 字符")]})
    return key


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


class AlwaysJSON(negotiation.DefaultContentNegotiation):
    """Answers with JSON whatever the client accepts: better than an answer about answers."""

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
    if isinstance(error, BadCursor):
        return problem_response(400, TITLES[400], _("cursor 不是本系统给出的，请去掉它，从第一页看起"))
    if isinstance(error, BadRequest | SuspiciousOperation | UnicodeError):
        return problem_response(400, TITLES[400])
    if isinstance(error, exceptions.APIException):
        return _framework_problem(error)
    return None


NO_TOKEN = gettext_lazy(
    "请先登录：向 /api/v1/session/ 提交用户名和密码，取得令牌，再在每次请求的 Authorization 头里写“Bearer 令牌”。"
)


def _framework_problem(error: exceptions.APIException) -> HttpResponseBase:
    status = error.status_code
    detail = NO_TOKEN if isinstance(error, exceptions.NotAuthenticated) else error.detail
    response = problem_response(status, TITLES.get(status, status), detail if status in (400, 401) else "")
    if challenge := getattr(error, "auth_header", ""):
        response["WWW-Authenticate"] = challenge
    return response


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
    """Returns the error answers of an endpoint, for the schema."""
    return {(s, "application/problem+json"): OpenApiResponse(Problem, MEANINGS[s]) for s in statuses}
