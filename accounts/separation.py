"""Separation of duties (三员分立): system, security and audit administration run the platform and read no petition.

Closed from the start: every page below /desk/ and every REST endpoint that wants a sign-in refuses them, but for those
that say that they are open. What they are refused is on record.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.permissions import IsAuthenticated

from accounts.models import Kind
from audit import events, log
from massline.acts import Refused

ADMINISTRATIONS = frozenset({Kind.SYSADMIN, Kind.SECADMIN, Kind.AUDITADMIN})
ROOMS = {
    "ledger": gettext_lazy("台账"),
    "dashboard": gettext_lazy("运行情况"),
    "exports": gettext_lazy("数据导出"),
    "escalations": gettext_lazy("上报给我的"),
    "tellings": gettext_lazy("告知"),
    "imports": gettext_lazy("导入旧台账"),
    "undelivered": gettext_lazy("未送达的通知"),
}
"""The parts of the desk by the beginning of their addresses; every other one is about petitions."""


class Separated(Refused):
    """An administrator asked for what only those who work on petitions may read."""

    title = gettext_lazy("管理员账号不能查看信访事项")
    REASON = gettext_lazy(
        "按照职责分离的要求，系统管理员、安全管理员、审计管理员不能查看信访事项和统计。"
        "工作上确有需要的，事项请联系信访部门，统计和日志请联系审计员。本次访问已记入日志。"
    )

    def __init__(self) -> None:
        super().__init__(self.REASON)


def open_to(*kinds: str) -> Callable[[Any], Any]:
    """For a view of the desk that these administrations need."""

    def mark(view: Any) -> Any:
        view.open_to = frozenset(kinds)
        return view

    return mark


open_to_administrations = open_to(*ADMINISTRATIONS)


class SeparationOfDuties:
    """Middleware, after those that know who asks: keeps administrations to the pages that are open to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.path.startswith("/desk/"):
            return None
        kind = getattr(request.user, "kind", "")
        if kind not in ADMINISTRATIONS or kind in getattr(view, "open_to", ()):
            return None
        room = ROOMS.get(request.path.split("/")[2], _("信访事项"))
        return refuse_page(request, str(room), Separated.title, Separated.REASON)


class ReadsPetitions(IsAuthenticated):
    """Everybody who has signed in but for the administrations; what they are refused is on record."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if request.user.kind in ADMINISTRATIONS:
            log.refused(events.PAGE_REFUSED, facts={"page": str(_("信访事项"))})
            raise Separated()
        return True


def refuse_page(request: HttpRequest, page: str, heading: Any = Refused.title, message: Any = "") -> HttpResponse:
    """403 with a way back, and the event of it."""
    log.refused(events.PAGE_REFUSED, facts={"page": page})
    context = {"heading": heading, "message": message, "back_url": reverse("desk")}
    return render(request, "desk/message.html", context, status=403)
