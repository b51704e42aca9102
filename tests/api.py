"""Calling REST in tests: JSON in, JSON out."""

import io
import json
from contextlib import redirect_stderr
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from knox.models import AuthToken

from accounts.models import User

V1 = "/api/v1"
FILING: dict[str, Any] = {
    "title": "楼道照明长期不亮",
    "body": "三单元楼道灯坏了两个月，多次找物业无果。",
    "category": "010101",
    "region": "990100000000",
    "purpose": "request",
    "wish": "请尽快修好",
    "complained_about": [{"kind": "organ", "name": "幸福里物业服务中心"}],
    "petitioner": {"name": "宋试民", "phone": "13900000000"},
}


class Api:
    """A client; `as_user` signs in by a token made directly. Nothing that it is answered may be a 5xx."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if user is not None:
            self.headers["Authorization"] = f"Bearer {token_for(user)}"

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self._checked(
            self.client.post(V1 + path, raw, content_type="application/json", headers=self.headers | _named(headers))
        )

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        address = path if path.startswith("http") else V1 + path
        return self._checked(self.client.get(address, query or {}, headers=self.headers | _named(headers)))

    def delete(self, path: str) -> Any:
        return self._checked(self.client.delete(V1 + path, headers=self.headers))

    def _checked(self, response: Any) -> Any:
        assert response.status_code < 500, response.content
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
            problem = response.json()
            assert problem["status"] == response.status_code
            assert problem["title"]
        return response


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def token_for(user: User) -> str:
    from django.db import transaction

    with transaction.atomic():
        return str(AuthToken.objects.create(user=user)[1])


def drawn_schema() -> Any:
    """The schema of REST as it is published, valid and drawn without a warning. In case of one the command looks for
    the line of every class, which takes four times as long as the schema: here it does not."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stderr(err), patch.object(GENERATOR_STATS, "enable_trace_lineno"):
        call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    assert "Warning" not in err.getvalue()
    return json.loads(out.getvalue())
