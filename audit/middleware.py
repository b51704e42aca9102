"""Makes the user of each request the actor of its changes, under the request's id."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from audit import context


class AuditMiddleware:
    """Runs after django-structlog's RequestMiddleware (whose request id it takes) and AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = structlog.contextvars.get_contextvars().get("request_id")
        with context.acting(
            lambda: context.actor_of(getattr(request, "user", None)),  # asked late: a sign-in changes it
            request_id=str(known or context.new_request_id()),
        ):
            return self.get_response(request)
