"""Signing in and out. Every sign-in, every failed one and every lock-out is an event."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import views
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from audit import context, events, log
from massline.texts import OneLine
from massline.web import problem_response

DEMO_ACCOUNTS = (
    ("clerk", gettext_lazy("信访局 · 窗口")),
    ("chief", gettext_lazy("信访局 · 局长")),
    ("handler", gettext_lazy("部门 · 经办人")),
    ("deputy", gettext_lazy("部门 · 分管领导")),
    ("leader", gettext_lazy("部门 · 主要负责人")),
    ("mayor", gettext_lazy("市长")),
    ("secretary", gettext_lazy("市委书记")),
    ("inspector", gettext_lazy("督查专员")),
    ("auditor", gettext_lazy("审计员")),
)


class DeskRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User
    htmx: HtmxDetails


class UsernameField(OneLine, auth_forms.UsernameField):
    """A name copied from some window brings marks of direction along."""


class SignInForm(auth_forms.AuthenticationForm):
    username = UsernameField(widget=forms.TextInput(attrs={"autofocus": True}))

    error_messages = {
        "invalid_login": gettext_lazy("用户名或密码不对。连续输错五次，账号将锁定十五分钟。"),
        "inactive": gettext_lazy("这个账号已停用，请联系系统管理员。"),
    }


class SignIn(views.LoginView):
    template_name = "desk/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    http_method_names = ("get", "head", "post")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(request.get_full_path())  # a part of a page has no room for this one
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = [{"username": name, "role": role} for name, role in DEMO_ACCOUNTS] if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url(), "demo_accounts": accounts}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            return super().post(*args, **kwargs)

    def form_valid(self, form: auth_forms.AuthenticationForm) -> HttpResponse:
        log.record(events.SIGNED_IN, actor=context.actor_of(form.get_user()))
        return super().form_valid(form)

    def form_invalid(self, form: auth_forms.AuthenticationForm) -> HttpResponse:
        # What was typed into the wrong box must not stand in the log: only names that exist.
        known = User.objects.filter(username=form.cleaned_data.get("username", "")).values_list("username", flat=True)
        log.record(events.SIGN_IN_FAILED, facts={"username": known.first() or ""})
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if request.user.is_authenticated:
                log.record(events.SIGNED_OUT)
            return super().post(request, *args, **kwargs)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes answers with while an account is locked."""
    with transaction.atomic():
        log.record(events.LOCKED_OUT)
    wait = int(settings.AXES_COOLOFF_TIME.total_seconds())
    message = _("输错次数太多，账号已锁定，请在 %(minutes)s 分钟后再试。") % {"minutes": wait // 60}
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = problem_response(429, message)
    else:
        response = render(request, "desk/sign_in.html", {"form": SignInForm(request), "locked": message}, status=429)
    response["Retry-After"] = str(wait)
    return response
