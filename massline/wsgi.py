"""What the web server calls."""

import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "massline.settings")
site = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # with every page's code, which no visitor shall wait for
gc.freeze()  # the program itself is never garbage: walking through it would hold up a request now and then


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site. Of a request that is too large the rest still lies in the connection, where it would be taken for the
    next request: the client is told to begin another."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        closing = [("Connection", "close")] if status.startswith("413") else []
        return start_response(status, headers + closing, *more)

    return site(environ, start)
