"""Passwords: a new one ends every session and token of the account; a one-time one must be changed before all else."""

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts import sign_in_delays
from accounts.desk import DeskRequest, wait_message
from accounts.events import PASSWORD_CHANGED, PASSWORD_SET
from accounts.models import User
from accounts.separation import open_to_administrations
from audit import log

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""


def one_time_password() -> str:
    """Makes a random password to be handed over on paper (60 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _group in range(3))


def set_password(user: User, password: str, *, one_time: bool) -> None:
    """Sets a password as the operator gave it, in the caller's transaction."""
    log.record(PASSWORD_SET, subject=log.Subject("person", user.username), facts={"username": user.username})
    user.set_password(password)
    user.must_change_password = one_time
    user.save(update_fields=["password", "must_change_password"])


class PasswordForm(auth_forms.PasswordChangeForm):
    error_messages = {
        "password_incorrect": gettext_lazy("旧密码不对，请重新输入"),
        "password_mismatch": gettext_lazy("两次输入的新密码不一样"),
    }
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(user, data)
        self.fields["new_password1"].help_text = gettext_lazy(
            "至少十个字符，不能全是数字，也不要用姓名、用户名或者常见的密码。"
        )

    def clean_new_password1(self) -> str:
        chosen: str = self.cleaned_data["new_password1"]
        if chosen == self.data.get("old_password"):
            raise ValidationError(_("新密码不能与旧密码相同"))
        return chosen


@open_to_administrations
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: DeskRequest) -> HttpResponse:
    """The page on which signed-in users choose a password of their own; their other sessions end."""
    user = request.user
    if request.method != "POST":
        return _page(request, PasswordForm(user))
    attempt = sign_in_delays.count_attempt(request, user.username)
    if attempt.wait:
        held_up = _page(request, PasswordForm(user), wait_message(attempt.wait), status=429)
        held_up["Retry-After"] = str(attempt.wait)
        return held_up
    form = PasswordForm(user, request.POST)
    if not form.is_valid():
        if "old_password" not in form.errors:
            attempt.succeeded()
        return _page(request, form, status=422)
    attempt.succeeded()
    with transaction.atomic():
        log.record(PASSWORD_CHANGED)
        user.set_password(form.cleaned_data["new_password1"])
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        update_session_auth_hash(request, user)
    messages.success(request, _("密码已修改。其他地方的登录都已退出。"))
    return redirect("desk")


def _page(request: DeskRequest, form: forms.Form, locked: str = "", status: int = 200) -> HttpResponse:
    return render(request, "desk/password.html", {"form": form, "locked": locked}, status=status)


def allowed_before_password_change(view: Any) -> Any:
    """Marks a view of the desk that users may see while they still have a one-time password."""
    view.allowed_before_password_change = True
    return view


class RequirePasswordChange:
    """Middleware: leads users with a one-time password to the page that changes it, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.path.startswith("/desk/") or getattr(view, "allowed_before_password_change", False):
            return None
        if not getattr(request.user, "must_change_password", False):
            return None
        address = reverse("password")
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]
