"""Helpers for HTTP answers: limits, problem details, error pages."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views import csrf, defaults

from massline.client_address import client_network
from massline.counters import counter, durable_counter

HOUR = 3600
PROGRAMS = ("/api/", "/healthz", "/readyz", "/altcha/")
"""Addresses that answer in JSON."""


def over_limit(scope: str, request: HttpRequest, limit: int) -> int:
    """Counts one more call from this address in this hour; seconds to wait when it is one too many, else 0.

    Each scope counts for itself. The address is kept only as a keyed hash, for an hour.
    """
    hour, passed = divmod(int(time.time()), HOUR)
    used = counter.add(f"limit:{scope}:{hour}:{client_network(request)}", HOUR)
    return HOUR - passed if used > limit else 0


def used_before(key: str, seconds: int) -> bool:
    """Tells whether something that may be used once was used already."""
    return durable_counter.add(f"used:{key}", seconds) > 1


def problem(status: int, title: Any, detail: Any = "", **more: Any) -> dict[str, Any]:
    """Builds problem details (RFC 9457)."""
    found = {"type": "about:blank", "title": str(title), "status": status}
    if detail and str(detail) != str(title):
        found["detail"] = str(detail)
    return found | more


def problem_response(status: int, title: Any, detail: Any = "", **more: Any) -> JsonResponse:
    return JsonResponse(problem(status, title, detail, **more), status=status, content_type="application/problem+json")


def for_programs(request: HttpRequest) -> bool:
    """Tells whether a program asks, which gets problem details and no page."""
    return request.path.startswith(PROGRAMS) or request.headers.get("Accept") == "application/json"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answers a form that came from another site, or from a page that is too old."""
    if for_programs(request):
        return problem_response(403, _("页面已过期"), _("请重新打开页面后再试"))
    return csrf.csrf_failure(request, reason)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answers an unforeseen error: a page for people, problem details for programs."""
    if for_programs(request):
        return problem_response(500, _("系统出错了"), _("刚才的操作没有完成，问题已经记录下来。请稍后再试。"))
    return defaults.server_error(request)
