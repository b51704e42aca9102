"""Our cookies: always for the whole site, and with the `__Host-` prefix wherever cookies travel over HTTPS alone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponse

from massline import crypto


def set_cookie(response: HttpResponse, name: str, value: str, age: int | None) -> None:
    """Keeps a value for `age` seconds, or until the browser is closed, out of reach of scripts."""
    response.set_cookie(
        settings.COOKIE_PREFIX + name,
        value,
        max_age=age,
        path="/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def cookie(request: HttpRequest, name: str) -> str:
    """What the browser sent; empty when it sent nothing."""
    return request.COOKIES.get(settings.COOKIE_PREFIX + name, "")


def delete_cookie(response: HttpResponse, name: str) -> None:
    # Django marks the deletion of a __Host- cookie as secure itself: otherwise browsers ignore it.
    response.delete_cookie(settings.COOKIE_PREFIX + name, path="/", samesite="Lax")


@dataclass(frozen=True)
class SealedCookie:
    """A cookie whose content only this site can read or make. It is gone when the browser is closed: the next person
    at the same device finds nothing."""

    name: str
    lifetime: timedelta
    """How long it opens at the most."""

    def set(self, response: HttpResponse, content: Any) -> None:
        set_cookie(response, self.name, crypto.seal_token(self.name, content), None)

    def read(self, request: HttpRequest) -> Any:
        """What it holds; raises Unreadable when there is none, or it is too old."""
        return crypto.open_token(self.name, cookie(request, self.name), int(self.lifetime.total_seconds()))

    def delete(self, response: HttpResponse) -> None:
        delete_cookie(response, self.name)


class MessageCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """Django's own order, with our name of the cookie."""

    storage_classes = (MessageCookie, SessionStorage)
