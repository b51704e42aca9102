"""Separation of duties (三员分立): system, security and audit administration run the platform and read no record.

Closed from the start: every page below /desk/ and every REST endpoint that wants a sign-in refuses them, but for those
that say that they are open. What they are refused is on record.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.permissions import IsAuthenticated

from accounts import menu
from accounts.models import Kind
from audit import events, log
from massline.acts import Refused

ADMINISTRATIONS = frozenset({Kind.SYSADMIN, Kind.SECADMIN, Kind.AUDITADMIN})
_record_names: list[Any] = []


def register_record_name(name: Any) -> None:
    """Registers what a mechanism calls its records, in the plural: a refusal names what administrators may not read."""
    _record_names.append(name)


def record_names() -> str:
    """Names the records of all mechanisms, in one sentence's part."""
    return _("、").join(map(str, _record_names))


class AdministratorRefused(Refused):
    """The refusal of an administrator who asked for what only handlers, inspectors and auditors may read."""

    def __init__(self) -> None:
        unread = {"records": record_names()}
        self.title = _("管理员账号不能查看%(records)s") % unread  # type: ignore[misc,assignment]
        reason = _(
            "按照职责分离的要求，系统管理员、安全管理员、审计管理员不能查看%(records)s和统计。"
            "工作上确有需要的，事项请联系信访部门，统计和日志请联系审计员。本次访问已记入日志。"
        )
        super().__init__(reason % unread)


def open_to_kinds(*kinds: str, page: Any = "") -> Callable[[Any], Any]:
    """Marks a view of the desk as open to administrators of these kinds; a refusal of the others names the `page`."""

    def mark(view: Any) -> Any:
        view.open_to_kinds, view.page_name = frozenset(kinds), page
        return view

    return mark


open_to_administrations = open_to_kinds(*ADMINISTRATIONS)


class SeparationOfDuties:
    """Middleware: keeps administrators to the pages that are open to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.path.startswith("/desk/"):
            return None
        kind = getattr(request.user, "kind", "")
        if kind not in ADMINISTRATIONS or kind in getattr(view, "open_to_kinds", ()):
            return None
        page = getattr(view, "page_name", "") or menu.page_name(request.path) or record_names()
        refused = AdministratorRefused()
        return refuse_page(request, str(page), refused.title, refused.message)


class ReadsRecords(IsAuthenticated):
    """Permission of REST for everybody who has signed in but administrators; their refusal is on record."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if request.user.kind in ADMINISTRATIONS:
            log.record_refusal(events.PAGE_REFUSED, facts={"page": record_names()})
            raise AdministratorRefused()
        return True


def refuse_page(request: HttpRequest, page: str, heading: Any = Refused.title, message: Any = "") -> HttpResponse:
    """Answers 403 with a link back, and records the refusal."""
    log.record_refusal(events.PAGE_REFUSED, facts={"page": page})
    context = {"heading": heading, "message": message, "back_url": reverse("desk")}
    return render(request, "desk/message.html", context, status=403)
