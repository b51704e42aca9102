"""How a session ends: by hand, after half an hour of nothing, with another password; and tokens with it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from accounts.api import MAX_TOKENS
from accounts.models import User
from audit import events, log
from audit.models import AuditEvent, AuditRow
from audit.verify import verify
from massline.cookies import MessageCookie
from massline.keys import key_of
from tests.api import Api
from tests.city import PASSWORD, build_city, forget_event
from tests.database import BASE

LEDGER = "/desk/ledger/"
RIGHT = {"username": "clerk", "password": PASSWORD}


def signed_in(username: str = "clerk") -> Client:
    client = Client(raise_request_exception=False)
    assert client.post("/desk/sign-in/", RIGHT | {"username": username}).status_code == 302
    return client


def another_password(username: str = "clerk") -> None:
    with transaction.atomic():
        log.record(events.READ)
        user = User.objects.get(username=username)
        user.set_password("quite another password")
        user.save(update_fields=["password"])


def closed(username: str = "clerk") -> None:
    with transaction.atomic():
        log.record(events.READ)
        User.objects.filter(username=username).update(is_active=False)


def password_by_hand(username: str = "clerk") -> None:
    """As a correction in the database does it."""
    with transaction.atomic():
        log.record(events.READ)
        User.objects.filter(username=username).update(password="md5$a$b")


@pytest.mark.parametrize("end", [another_password, closed, password_by_hand])
def test_every_session_and_token_of_the_account_ends_and_no_other(cloned_db: str, end: Callable[[], None]) -> None:
    build_city()
    pages = [signed_in(), signed_in()]
    other = signed_in("chief")
    apis, others = [Api() for _n in range(2)], Api(User.objects.get(username="chief"))
    for api in apis:
        token = api.post("/session/", RIGHT).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"
        assert api.get("/petitions/").status_code == 200
    end()
    for page in pages:
        gone = page.get(LEDGER)
        assert (gone.status_code, gone["Location"]) == (302, f"/desk/sign-in/?next={LEDGER}")
        assert page.get(gone["Location"]).status_code == 200
    assert [api.get("/petitions/").status_code for api in apis] == [401, 401]
    assert other.get(LEDGER).status_code == 200 and others.get("/petitions/").status_code == 200
    assert not AuthToken.objects.filter(user__username="clerk").exists()


def test_the_log_explains_where_the_tokens_went(cloned_db: str) -> None:
    build_city()
    Api().post("/session/", RIGHT)
    another_password()
    gone = AuditRow.objects.get(table_name="knox_authtoken", op="D")
    assert gone.event is not None and gone.event.name == "read"
    assert verify("knox_authtoken", "accounts_user").ok


@pytest.mark.parametrize("way", ["/desk/sign-in/", "/api/v1/session/"])
def test_a_password_hashed_anew_by_todays_rules_is_explained_by_the_sign_in(cloned_db: str, way: str) -> None:
    build_city()
    with transaction.atomic():
        log.record(events.READ)
        User.objects.filter(username="clerk").update(password=make_password(PASSWORD, hasher="argon2"))
    assert Client().post(way, RIGHT, "application/json" if "api" in way else MULTIPART_CONTENT).status_code in (
        200,
        302,
    )
    assert not User.objects.get(username="clerk").password.startswith("argon2")
    assert AuditRow.objects.filter(table_name="accounts_user").latest("id").event.name == "signed_in"  # type: ignore[union-attr]
    assert not AuditRow.objects.unexplained().filter(table_name="accounts_user").exclude(op="B").exists()


@pytest.mark.django_db
def test_an_account_has_at_most_ten_tokens_and_the_oldest_goes(city: SimpleNamespace) -> None:
    apis = []
    for _n in range(MAX_TOKENS + 2):
        api = Api()
        api.headers["Authorization"] = f"Bearer {api.post('/session/', RIGHT).json()['token']}"
        apis.append(api)
    assert AuthToken.objects.filter(user=city.clerk).count() == MAX_TOKENS == 10
    assert [api.get("/petitions/").status_code for api in apis] == [401] * 2 + [200] * 10


# --- Half an hour of nothing ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_after_half_an_hour_of_nothing_the_page_says_why_and_leads_back(city: SimpleNamespace) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in()
        clock.shift(timedelta(minutes=30))
        assert client.get(LEDGER).status_code == 200
        clock.shift(timedelta(minutes=30, seconds=1))
        gone = client.get(LEDGER)
        assert gone["Location"] == f"/desk/sign-in/?next={LEDGER}"
        page = client.get(gone["Location"]).content.decode()
        assert "您已超过 30 分钟没有操作" in page and f'value="{LEDGER}"' in page
        assert client.post("/desk/sign-in/", RIGHT | {"next": LEDGER})["Location"] == LEDGER


@pytest.mark.django_db
def test_who_works_all_day_stays_for_eight_hours_and_no_longer(city: SimpleNamespace) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in()
        for _step in range(16):
            clock.shift(timedelta(minutes=29))
            assert client.get(LEDGER).status_code == 200
        clock.move_to(start + timedelta(hours=8, seconds=1))
        assert client.get(LEDGER)["Location"] == f"/desk/sign-in/?next={LEDGER}"


@pytest.mark.django_db
def test_a_page_that_asks_by_itself_is_no_work(city: SimpleNamespace) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in()
        for _second in range(31):
            clock.shift(timedelta(minutes=1))
            answer = client.get(f"/desk/exports/{key_of('export', 1)}/", HTTP_HX_REQUEST="true")
        assert "/desk/sign-in/" in answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")


@pytest.mark.django_db
def test_a_closed_account_is_told_once_that_its_session_is_over(city: SimpleNamespace) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        closed()
        clock.shift(timedelta(hours=1))
        for _again in range(3):
            client.get(LEDGER)
        assert client.get("/desk/sign-in/").content.decode().count("没有操作") == 1
        assert "没有操作" not in client.get("/desk/sign-in/").content.decode()


@pytest.mark.django_db
def test_the_limit_is_a_setting(city: SimpleNamespace, settings: Any) -> None:
    settings.IDLE_SECONDS = 300
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in()
        clock.shift(timedelta(minutes=6))
        assert "没有操作" in client.get(LEDGER, follow=True).content.decode()


@pytest.mark.django_db
def test_its_end_is_on_record(city: SimpleNamespace) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in()
        clock.shift(timedelta(hours=1))
        forget_event()
        client.get(LEDGER)
    assert AuditEvent.objects.filter(name="signed_out", actor_key="clerk").count() == 1


# --- Cookies --------------------------------------------------------------------------------------------------------
def test_where_cookies_are_secure_each_has_the_prefix() -> None:
    """The names in a process of its own, as settings make them for HTTPS."""
    code = (
        "import django, json; django.setup(); from django.conf import settings as s;"
        "from massline.cookies import MessageCookie;"
        "print(json.dumps({'session': s.SESSION_COOKIE_NAME, 'csrf': s.CSRF_COOKIE_NAME,"
        "'language': s.LANGUAGE_COOKIE_NAME, 'messages': MessageCookie.cookie_name, 'ours': s.COOKIE_PREFIX + 'x'}))"
    )
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "MASSLINE_SECURE_COOKIES": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=BASE, capture_output=True, text=True, check=True
    )
    names = json.loads(done.stdout)
    assert all(name.startswith("__Host-") for name in names.values()), names


@pytest.mark.django_db
def test_every_cookie_that_is_set_would_be_taken_by_a_browser(
    city: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """__Host- asks for Secure, Path=/ and no Domain; a cookie without the prefix is one that we forgot."""
    monkeypatch.setattr(MessageCookie, "cookie_name", "__Host-messages")
    settings.SECURE_COOKIES = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.LANGUAGE_COOKIE_SECURE = True
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.LANGUAGE_COOKIE_NAME = "__Host-django_language"
    client = Client()
    answers = [
        client.get("/desk/sign-in/", secure=True),
        client.post("/desk/sign-in/", RIGHT, secure=True),
        client.get("/preferences/?size=large", secure=True),
        client.post(reverse("set_language"), {"language": "en"}, secure=True),
        client.post(reverse("track_leave"), secure=True),
    ]
    seen = {name: morsel for answer in answers for name, morsel in answer.cookies.items()}
    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-device", "__Host-size", "__Host-django_language"} <= set(
        seen
    )
    for name, morsel in seen.items():
        assert name.startswith("__Host-"), name
        assert morsel["secure"] and morsel["path"] == "/" and not morsel["domain"], name
