"""REST for signing in, which returns a token, and signing out."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, user_logged_in
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import sign_in_delays
from accounts.desk import wait_message
from accounts.models import User
from accounts.sign_in_delays import Attempt
from audit import context, events, log
from massline.acts import lock_row
from massline.rest import TITLES, Problem, body_of, problems
from massline.rest_endpoint import Endpoint
from massline.rest_forms import form_values, refuse_unless_valid
from massline.texts import LineField
from massline.web import problem_response

MAX_TOKENS = 10
"""Of one account: each is a way in."""


CHANGE_FIRST = gettext_lazy("这个账号的密码是临时的，只能用一次：请先在网页上登录并改成自己的密码。")


class SignInForm(forms.Form):
    username = LineField(max_length=64)
    password = forms.CharField(max_length=1024, strip=False)


class SignInInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=1024)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class Session(Endpoint):
    permission_classes = (AllowAny,)

    def get_authenticators(self) -> list[Any]:
        """Ignores an old token that is sent along with a sign-in."""
        return [] if getattr(self.request, "method", "") == "POST" else super().get_authenticators()

    @extend_schema(
        tags=["session"],
        summary=gettext_lazy("登录"),
        description=gettext_lazy(
            "令牌八小时内有效，改密码即作废；一个账号最多十个，再登录时最早的作废。"
            "连续输错五次密码以后每次都要等待，Retry-After 是秒数。"
        ),
        auth=[],
        request=SignInInput,
        responses={200: Token} | problems(400, 401, 403, 422, 429),
        examples=[OpenApiExample("sign in", {"username": "clerk", "password": "…"}, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponse:
        form = SignInForm(form_values(SignInForm.base_fields, body_of(request)))
        given = refuse_unless_valid(form)
        attempt = sign_in_delays.count_attempt(request._request, given["username"])
        if attempt.wait:
            held_up = problem_response(429, TITLES[429], wait_message(attempt.wait))
            held_up["Retry-After"] = str(attempt.wait)
            return held_up
        with transaction.atomic():
            user = authenticate(request._request, **given)
            if isinstance(user, User) and user.must_change_password:
                self._note_failure(user.username)
                return problem_response(403, _("请先修改密码"), CHANGE_FIRST)
            token = self._sign_in(request, user, given["password"], attempt) if isinstance(user, User) else None
            if token is None:
                self._note_failure(given["username"])
        if token is None or not isinstance(user, User):
            response = problem_response(401, _("用户名或密码不对"))
            response["WWW-Authenticate"] = "Bearer"
            return response
        answer = Response(token, headers={"Cache-Control": "no-store"})
        sign_in_delays.remember_device(request._request, answer, user)
        return answer

    def _sign_in(self, request: Request, user: User, password: str, attempt: Attempt) -> dict[str, Any] | None:
        """Creates a token; None when the password was changed since it was checked."""
        lock_row(User, user.pk)
        if User.objects.get(pk=user.pk).password != user.password:
            return None
        log.record(events.SIGNED_IN, actor=context.actor_of(user))
        user.renew_hash(password)
        request._request.user = user
        theirs = AuthToken.objects.filter(user=user)
        theirs.filter(expiry__lte=timezone.now()).delete()
        newest = list(theirs.order_by("-created").values_list("pk", flat=True)[: MAX_TOKENS - 1])
        theirs.exclude(pk__in=newest).delete()
        kept, token = AuthToken.objects.create(user=user)
        user_logged_in.send(sender=User, request=request._request, user=user)
        attempt.succeeded()
        return {"token": token, "expires_at": kept.expiry}

    def _note_failure(self, username: str) -> None:
        # What was typed into the wrong box must not stand in the log: only names that exist.
        known = User.objects.filter(username=username).exists()
        log.record(events.SIGN_IN_FAILED, facts={"username": username if known else ""})

    @extend_schema(
        tags=["session"],
        summary=gettext_lazy("退出"),
        description=gettext_lazy("所带的令牌即刻作废。"),
        request=None,
        responses={204: None, (401, "application/problem+json"): Problem},
    )
    def delete(self, request: Request) -> HttpResponse:
        if not isinstance(request.auth, AuthToken):
            self.permission_denied(request)
        with transaction.atomic():
            log.record(events.SIGNED_OUT)
            request.auth.delete()
        return Response(status=204)
