"""Sessions of officials: stored in the database, ended after half an hour in which their user does nothing."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout, user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from audit import events, log

LAST_SEEN = "seen"
ENDS_AT = "end"
SAVED_EVERY = 60
"""Seconds after which a page saves anew that its user is there."""


class SessionStore(DatabaseSession):
    """Django's store that deletes in a transaction: a session ends in the middle of reading a page, when the password
    has been changed or the account is closed."""

    def delete(self, session_key: str | None = None) -> None:
        with transaction.atomic():
            super().delete(session_key)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Returns eight hours after signing in; Django would count them anew each time that something is written."""
        end = self.get(ENDS_AT)
        return super().get_expiry_date(**kwargs) if end is None else datetime.fromtimestamp(end, UTC)

    @classmethod
    def clear_expired(cls) -> None:
        with transaction.atomic():
            super().clear_expired()


def polled(view: Any) -> Any:
    """Marks a view that pages poll by themselves: it does not keep an idle session alive."""
    view.polled = True
    return view


@receiver(user_logged_in)
def set_limits(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    if hasattr(request, "session"):
        now = int(time.time())
        request.session[LAST_SEEN], request.session[ENDS_AT] = now, now + settings.SESSION_COOKIE_AGE


class IdleLimit:
    """Ends the session of a user who did nothing for MASSLINE_IDLE_MINUTES; the page that follows says so.

    Runs after the middleware of messages. A session is saved at most once a minute, and never once it has ended: one
    that is gone is never saved again (Django answers 400).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not request.path.startswith("/desk/") or SESSION_KEY not in request.session:
            return
        now = int(time.time())
        if ENDS_AT not in request.session:  # begun before there was a limit
            set_limits(None, request)
        idle = now - request.session[LAST_SEEN]
        if idle > settings.IDLE_SECONDS:
            self._end(request)
        elif idle > SAVED_EVERY and not (getattr(view, "polled", False) and request.htmx):  # type: ignore[attr-defined]
            request.session[LAST_SEEN] = now

    def _end(self, request: HttpRequest) -> None:
        with transaction.atomic():
            if request.user.is_authenticated:
                log.record(events.SIGNED_OUT)
            logout(request)  # of a closed account too, or each later page says it once more
        minutes = settings.IDLE_SECONDS // 60
        messages.info(
            request, _("您已超过 %(minutes)s 分钟没有操作，为安全起见已退出，请重新登录。") % {"minutes": minutes}
        )
