"""How much one request may bring: refused by the length that it announces, before a byte of it is read."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from massline.web import problem_response

Most = Callable[[Mapping[str, Any]], int]
"""So many bytes, from what the address says."""
AROUND = 1024 * 1024
"""What stands around the files of a form: its other fields, names, boundaries."""


def takes(most: Most) -> Callable[[Any], Any]:
    """For a view that takes more than a form's text."""

    def mark(view: Any) -> Any:
        view.request_most = most
        return view

    return mark


def request_most(view: Any, kwargs: Mapping[str, Any]) -> int:
    """Bytes that this view takes. A view of the REST framework says it in its class."""
    most = getattr(view, "request_most", None) or getattr(getattr(view, "cls", None), "request_most", None)
    return most(kwargs) + AROUND if most else AROUND


class RequestLimit:
    """Stands before everything that reads a form. Without a length nothing is read at all (WSGI)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = request_most(view, kwargs)
        if not length.isdecimal() or int(length) <= most:
            return None
        heading = _("提交的内容太大")
        message = _("一次最多提交 %(mb)s MB。请把文件压缩，或者分几次提交。") % {"mb": most // 1024 // 1024}
        if request.path.startswith("/api/"):
            return problem_response(413, heading, message)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"message": message}, status=413)
        return render(request, "413.html", {"heading": heading, "message": message}, status=413)
