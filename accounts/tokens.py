"""Authenticates REST calls by bearer token."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User


class SignedIn(Request):
    """A request with a valid token."""

    user: User


class BearerToken(TokenAuthentication):
    """Reads `Authorization: Bearer <token>`. It changes nothing; expired tokens are deleted at the next sign-in."""

    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except AuthenticationFailed:  # whatever is wrong with it, the way on is the same
            raise AuthenticationFailed(_("令牌无效或者已经过期，请重新登录取得新的令牌")) from None

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        try:
            digest = hash_token(token.decode("ascii"))
        except (ValueError, TypeError):
            raise AuthenticationFailed() from None
        found = AuthToken.objects.select_related("user").filter(digest=digest, expiry__gt=timezone.now()).first()
        if found is None or not found.user.is_active or found.user.must_change_password:
            raise AuthenticationFailed()
        return found.user, found
