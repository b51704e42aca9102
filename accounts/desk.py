"""Pages to sign in and out. Every sign-in and every failure is an event; attempts that had to wait become one event."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import views
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import sign_in_delays
from accounts.models import User
from audit import context, events, log
from massline.drafts.box import box_of
from massline.texts import OneLine

DEMO_ACCOUNTS = (
    ("clerk", gettext_lazy("信访局 · 窗口")),
    ("chief", gettext_lazy("信访局 · 局长")),
    ("handler", gettext_lazy("部门 · 经办人")),
    ("deputy", gettext_lazy("部门 · 分管领导")),
    ("leader", gettext_lazy("部门 · 主要负责人")),
    ("mayor", gettext_lazy("市长")),
    ("secretary", gettext_lazy("市委书记")),
    ("inspection", gettext_lazy("督查室 · 主任")),
    ("secrecy", gettext_lazy("保密办 · 审查")),
    ("inspector", gettext_lazy("督查专员")),
    ("auditor", gettext_lazy("审计员")),
)


class DeskRequest(HttpRequest):
    """A request of a user who has signed in."""

    user: User
    htmx: HtmxDetails


class UsernameField(OneLine, auth_forms.UsernameField):
    """A username without invisible marks, which a copied name brings along."""


class SignInForm(auth_forms.AuthenticationForm):
    username = UsernameField(widget=forms.TextInput(attrs={"autofocus": True}))

    error_messages = {
        "invalid_login": gettext_lazy("用户名或密码不对。连续输错五次以后，每次都要等一会儿才能再试。"),
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

    attempt: sign_in_delays.Attempt | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # As the form itself reads it: whatever blanks and widths it forgives must count for the same account.
        username = self.get_form().fields["username"].to_python(request.POST.get("username", ""))
        if username and request.POST.get("password"):
            self.attempt = sign_in_delays.count_attempt(request, username)
            if self.attempt.wait:
                return self._held_up(username, self.attempt.wait)
        with transaction.atomic():
            return super().post(request, *args, **kwargs)

    def _held_up(self, username: str, wait: int) -> HttpResponse:
        form = SignInForm(self.request, initial={"username": username})
        context = self.get_context_data(form=form, locked=wait_message(wait))
        response = self.render_to_response(context, status=429)
        response["Retry-After"] = str(wait)
        return response

    def form_valid(self, form: auth_forms.AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        log.record(events.SIGNED_IN, actor=context.actor_of(user))
        user.renew_hash(form.cleaned_data["password"])
        response = super().form_valid(form)
        if self.attempt is not None:
            self.attempt.succeeded()
        sign_in_delays.remember_device(self.request, response, user)
        return response

    def form_invalid(self, form: auth_forms.AuthenticationForm) -> HttpResponse:
        # What was typed into the wrong box must not stand in the log: only names that exist.
        known = User.objects.filter(username=form.cleaned_data.get("username", "")).values_list("username", flat=True)
        log.record(events.SIGN_IN_FAILED, facts={"username": known.first() or ""})
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(views.LogoutView):
    """Signs out by hand, which ends what was typed and not sent in this browser too."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if request.user.is_authenticated:
                log.record(events.SIGNED_OUT)
            box_of(request).finish()
            return super().post(request, *args, **kwargs)


def wait_message(seconds: int) -> str:
    """Tells a person who mistyped too often how long they have to wait."""
    if seconds < 60:
        return _("输错次数太多，请在 %(n)s 秒后再试。") % {"n": seconds}
    return _("输错次数太多，请在 %(minutes)s 分钟后再试。") % {"minutes": -(-seconds // 60)}
