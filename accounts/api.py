"""REST: signing in with a token, and out again."""

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
from rest_framework.views import APIView

from accounts.models import User
from audit import context, events, log
from massline.rest import Problem, body_of, form_values, problems, refuse_unless_valid
from massline.texts import LineField
from massline.web import problem_response


class SignInForm(forms.Form):
    username = LineField(max_length=64)
    password = forms.CharField(max_length=1024, strip=False)


class SignInInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=1024)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class Session(APIView):
    permission_classes = (AllowAny,)

    def get_authenticators(self) -> list[Any]:
        """An old token that is still sent along does not keep anybody from signing in."""
        return [] if getattr(self.request, "method", "") == "POST" else super().get_authenticators()

    @extend_schema(
        tags=["session"],
        summary=gettext_lazy("登录"),
        description=gettext_lazy("令牌八小时内有效。连续输错五次密码，该账号在这个网络地址上暂时锁定。"),
        auth=[],
        request=SignInInput,
        responses={200: Token} | problems(400, 401, 422, 429),
        examples=[OpenApiExample("sign in", {"username": "clerk", "password": "…"}, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponse:
        form = SignInForm(form_values(SignInForm.base_fields, body_of(request)))
        given = refuse_unless_valid(form)
        with transaction.atomic():
            user = authenticate(request._request, **given)
            token = self._sign_in(request, user) if isinstance(user, User) else None
            if token is None:
                self._note_failure(given["username"])
        if token is None:
            # When that was once too often, axes answers in our place.
            response = problem_response(401, _("用户名或密码不对"))
            response["WWW-Authenticate"] = "Bearer"
            return response
        return Response(token, headers={"Cache-Control": "no-store"})

    def _sign_in(self, request: Request, user: User) -> dict[str, Any]:
        log.record(events.SIGNED_IN, actor=context.actor_of(user))
        request._request.user = user
        AuthToken.objects.filter(user=user, expiry__lte=timezone.now()).delete()
        kept, token = AuthToken.objects.create(user=user)
        user_logged_in.send(sender=User, request=request._request, user=user)
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
