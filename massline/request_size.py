"""Limits the size of a request by the length that it announces, before a byte of it is read."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from massline.web import problem_response

BodySize = Callable[[Mapping[str, Any]], int]
"""Returns a number of bytes for the parts of the address."""
FORM_OVERHEAD = 1024 * 1024
"""Bytes of a form besides its files: other fields, names, boundaries."""


def max_body(size: BodySize) -> Callable[[Any], Any]:
    """Marks a view that takes more than a form's text."""

    def mark(view: Any) -> Any:
        view.max_body_bytes = size
        return view

    return mark


def max_body_bytes(view: Any, kwargs: Mapping[str, Any]) -> int:
    """Returns how many bytes this view takes. A view of the REST framework says it in its class."""
    size = getattr(view, "max_body_bytes", None) or getattr(getattr(view, "cls", None), "max_body_bytes", None)
    return size(kwargs) + FORM_OVERHEAD if size else FORM_OVERHEAD


class BodySizeLimit:
    """Middleware before everything that reads a form: answers 413. Without a length nothing is read at all (WSGI)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = max_body_bytes(view, kwargs)
        if not length.isdecimal() or int(length) <= limit:
            return None
        heading = _("提交的内容太大")
        message = _("一次最多提交 %(mb)s MB。请把文件压缩，或者分几次提交。") % {"mb": limit // 1024 // 1024}
        if request.path.startswith("/api/"):
            return problem_response(413, heading, message)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"message": message}, status=413)
        return render(request, "413.html", {"heading": heading, "message": message}, status=413)
