"""Passwords: set by the operator, for one time or for good; changed by their users."""

import io
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from knox.models import AuthToken

from accounts.models import User
from accounts.passwords import one_time_password
from audit.models import AuditEvent
from audit.verify import verify
from tests.api import Api, token_for
from tests.city import PASSWORD, build_city
from tests.database import BASE

GIVEN, OWN = "handed-over-paper", "my own secret words"


def set_password(name: str, typed: str, *options: str) -> str:
    out, before = io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(typed + "\n")
    try:
        call_command("set_password", name, *options, stdout=out)
    finally:
        sys.stdin = before
    return out.getvalue()


def signed_in(name: str, password: str) -> Client:
    client = Client()
    assert client.post("/desk/sign-in/", {"username": name, "password": password}).status_code == 302
    return client


def change(client: Client, old: str, new: str, again: str = "", **headers: Any) -> Any:
    form = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/desk/password/", form, **headers)


def test_a_password_set_by_the_operator_ends_whatever_was_open(cloned_db: str) -> None:
    build_city()
    page, token = signed_in("clerk", PASSWORD), Api(User.objects.get(username="clerk"))
    said = set_password("clerk", GIVEN)
    assert "clerk（程登记）" in said and GIVEN not in said and "必须修改" not in said
    assert page.get("/desk/ledger/").status_code == 302
    assert token.get("/petitions/").status_code == 401
    assert signed_in("clerk", GIVEN).get("/desk/ledger/").status_code == 200
    event = AuditEvent.objects.get(name="password_set")
    assert (event.subject_key, event.actor_kind, event.facts) == ("clerk", "system", {"username": "clerk"})
    assert verify("accounts_user").ok


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["short", "1234567890123", "password123", ""])
def test_a_weak_password_is_refused_and_the_old_one_stays(city: SimpleNamespace, typed: str) -> None:
    with pytest.raises(CommandError):
        set_password("clerk", typed)
    assert User.objects.get(username="clerk").check_password(PASSWORD)


@pytest.mark.django_db
def test_nobody_by_that_name(city: SimpleNamespace) -> None:
    with pytest.raises(CommandError, match="没有账号 nobody"):
        set_password("nobody", GIVEN)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "sysadmin", "auditor"])
def test_who_has_a_password_for_once_can_do_nothing_but_change_it(city: SimpleNamespace, who: str) -> None:
    assert "必须修改" in set_password(who, GIVEN, "--one-time")
    client = signed_in(who, GIVEN)
    for path in ("/desk/", "/desk/ledger/", "/desk/inbox/", "/desk/exports/", "/desk/nothing/"):
        answer = client.get(path)
        assert answer.status_code == 404 or answer["Location"] == "/desk/password/", path
    assert client.post("/desk/petitions/new/", {})["Location"] == "/desk/password/"
    part = client.get("/desk/ledger/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/desk/password/"
    page = client.get("/desk/password/").content.decode()
    assert "临时" in page and "只能用这一次" in page
    assert 'href="/desk/ledger/"' not in page and 'href="/desk/inbox/"' not in page, "no room is offered that is closed"
    assert change(client, GIVEN, OWN)["Location"] == "/desk/"
    assert client.get("/desk/inbox/").status_code == 200, "the session in which it was changed goes on"
    assert signed_in(who, OWN).get("/desk/inbox/").status_code == 200
    assert AuditEvent.objects.filter(name="password_changed", actor_key=who).count() == 1


@pytest.mark.django_db
def test_rest_refuses_a_password_for_once_and_says_what_to_do(city: SimpleNamespace) -> None:
    set_password("clerk", GIVEN, "--one-time")
    answer = Api().post("/session/", {"username": "clerk", "password": GIVEN})
    assert answer.status_code == 403 and "网页上登录" in answer.json()["detail"]
    assert not AuthToken.objects.exists()
    wrong = Api().post("/session/", {"username": "clerk", "password": "wrong"})
    assert wrong.status_code == 401
    api = Api()
    api.headers["Authorization"] = f"Bearer {token_for(User.objects.get(username='clerk'))}"
    assert api.get("/petitions/").status_code == 401, "however a token came to be"


@pytest.mark.django_db
def test_the_page_wants_the_old_one_and_a_new_one_twice(city: SimpleNamespace) -> None:
    client = signed_in("clerk", PASSWORD)
    for answer, word in (
        (change(client, "wrong", OWN), "旧密码不对"),
        (change(client, PASSWORD, OWN, "something else"), "两次输入的新密码不一样"),
        (change(client, PASSWORD, "short"), "密码太短，至少 10 个字符"),
        (change(client, PASSWORD, PASSWORD), "不能与旧密码相同"),
    ):
        assert answer.status_code == 422 and word in answer.content.decode(), word
    assert User.objects.get(username="clerk").check_password(PASSWORD)
    assert client.get("/desk/ledger/").status_code == 200


@pytest.mark.django_db
def test_guessing_the_old_one_has_to_wait(city: SimpleNamespace) -> None:
    client = signed_in("clerk", PASSWORD)
    answers = [change(client, f"guess {n}", OWN).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.django_db
def test_looking_for_a_good_one_holds_nobody_up(city: SimpleNamespace) -> None:
    """Who knows the old one is no guesser, however many new ones are refused."""
    client = signed_in("clerk", PASSWORD)
    answers = [change(client, PASSWORD, refused).status_code for refused in ("short", "12345678901", PASSWORD) * 3]
    assert answers == [422] * 9
    assert change(client, PASSWORD, OWN).status_code == 302


def test_changing_ones_own_ends_the_others(cloned_db: str) -> None:
    build_city()
    here, there = signed_in("clerk", PASSWORD), signed_in("clerk", PASSWORD)
    assert change(here, PASSWORD, OWN).status_code == 302
    assert here.get("/desk/ledger/").status_code == 200
    assert there.get("/desk/ledger/").status_code == 302
    assert verify("accounts_user").ok


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "word"), [(("createsuperuser", "--noinput"), "三员分立"), (("changepassword", "x"), "set_password x")]
)
def test_djangos_own_commands_say_what_to_do(command: tuple[str, ...], word: str) -> None:
    with pytest.raises(CommandError, match=word):
        call_command(*command)
    assert not User.objects.exists()


def test_they_do_so_from_a_shell_too() -> None:
    environ = {"MASSLINE_ENV": "test", "DJANGO_SETTINGS_MODULE": "massline.settings", "PATH": ""}
    run = [sys.executable, "manage.py", "createsuperuser", "--username", "root"]
    done = subprocess.run(run, env=environ, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "load_register" in done.stderr and "Traceback" not in done.stderr


def test_what_is_handed_over_on_paper_can_be_read_from_paper() -> None:
    made = {one_time_password() for _n in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01loIO")
