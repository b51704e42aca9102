"""Tokens: getting one, losing it, and what the log says of both."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from knox.models import AuthToken

from audit.models import AuditEvent
from tests.api import Api
from tests.city import PASSWORD

pytestmark = pytest.mark.django_db
WRONG = {"username": "clerk", "password": "wrong"}


def sign_in(api: Api, **changes: Any) -> Any:
    return api.post("/session/", {"username": "clerk", "password": PASSWORD} | changes)


def events() -> list[str]:
    return list(
        AuditEvent.objects.exclude(subject_kind="table")  # of the migrations
        .exclude(name="demo_loaded")
        .order_by("id")
        .values_list("name", flat=True)
    )


def test_a_token_opens_what_its_owner_may_see(city: SimpleNamespace) -> None:
    api = Api()
    answer = sign_in(api)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expires_at"}
    assert answer.json()["expires_at"].endswith("+08:00")
    api.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    assert api.get("/petitions/").status_code == 200
    assert events() == ["signed_in"]
    assert AuditEvent.objects.get(name="signed_in").actor_key == "clerk"


def test_signing_out_revokes_the_token(city: SimpleNamespace) -> None:
    api = Api(city.clerk)
    assert api.delete("/session/").status_code == 204
    assert api.get("/petitions/").status_code == 401
    assert api.delete("/session/").status_code == 401
    assert sign_in(api).status_code == 200  # whatever token is still sent along
    assert events() == ["signed_out", "signed_in"]


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer ", "Bearer a b", "Bearer 123", "Basic Y2xlcms6eA==", "Bearer \u00ff"]
)
def test_without_a_good_token_the_answer_asks_for_one(city: SimpleNamespace, header: str | None) -> None:
    api = Api()
    if header:
        api.headers["Authorization"] = header
    answer = api.get("/petitions/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    said = "请重新登录取得新的令牌" if (header or "").startswith("Bearer") else "向 /api/v1/session/ 提交用户名和密码"
    assert said in answer.json()["detail"]


def test_a_token_expires_and_goes_at_the_next_sign_in(city: SimpleNamespace) -> None:
    api = Api(city.clerk)
    with time_machine.travel(timezone.now() + timedelta(hours=8, seconds=1)):
        assert api.get("/petitions/").status_code == 401
        assert sign_in(Api()).status_code == 200
    assert AuthToken.objects.count() == 1


def test_who_has_left_does_not_come_in(city: SimpleNamespace) -> None:
    api = Api(city.clerk)
    with transaction.atomic():
        type(city.clerk).objects.update(is_active=False)
    assert api.get("/petitions/").status_code == 401
    assert sign_in(Api()).status_code == 401


def test_a_wrong_password_is_recorded_and_names_nobody_unknown(city: SimpleNamespace) -> None:
    api = Api()
    known = api.post("/session/", WRONG)
    unknown = api.post("/session/", {"username": "my secret password", "password": "x"})
    assert (known.status_code, unknown.status_code) == (401, 401)
    assert known.content == unknown.content
    assert known["WWW-Authenticate"] == "Bearer"
    facts = list(AuditEvent.objects.filter(name="sign_in_failed").order_by("id").values_list("facts", flat=True))
    assert facts == [{"username": "clerk"}, {"username": ""}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": 5, "password": ["x"]},
        {"username": "\ud800", "password": "\ud800"},
        {"username": {}, "password": 1},
    ],
)
def test_name_and_password_are_texts(city: SimpleNamespace, body: Any) -> None:
    answer = Api().post("/session/", body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"username", "password"}


def test_a_name_with_nul_typed_on_the_page_is_just_wrong(city: SimpleNamespace) -> None:
    answer = Api().client.post("/desk/sign-in/", {"username": "a\u0000b", "password": "x"})
    assert answer.status_code in (404, 422)
