"""Answers methods that an address does not take, never with an empty page.

A person gets a page, a program gets problem details; a browser that opens an address which only takes forms is led to
the form's page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from whitenoise.middleware import WhiteNoiseMiddleware

from massline.web import for_programs, problem_response


def post_only(back: str, *kept: str) -> Callable[[Any], Any]:
    """Restricts an address to forms that are sent. `back` names the form's page, `kept` the address parts that it
    needs."""

    def decorate(view: Any) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                return redirect(back, **{name: kwargs[name] for name in kept})
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class MethodNotAllowed:
    """Innermost of all: gives every empty 405 its page or its problem details; both keep the header Allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        allowed = response.get("Allow", "")
        said: HttpResponse
        if for_programs(request):
            said = problem_response(405, _("这个地址不支持该方法"), _("可以用：%(methods)s") % {"methods": allowed})
        else:
            said = render(request, "405.html", status=405)
        said["Allow"] = allowed
        return said


class StaticFiles(WhiteNoiseMiddleware):
    """Serves a file to who reads it; any other method finds no page there, and is told so."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        return super().__call__(request)
