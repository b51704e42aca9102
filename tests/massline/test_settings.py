"""The environment is read by helpers that refuse nonsense, and production refuses what is only for a demo."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from massline.env import Env, acts_as_owner, database_from_url, read_lines
from tests.database import BASE

GOOD = "k3yM4terial-with-enough-different-letters-0123456789"
PRODUCTION = {
    "MASSLINE_ENV": "production",
    "MASSLINE_SECRET_KEY": GOOD,
    "MASSLINE_MASTER_KEY": GOOD[::-1],
    "DATABASE_URL": "postgresql://massline_app:x@127.0.0.1:1/massline",
    "DATABASE_OWNER_URL": "postgresql://massline_owner:x@127.0.0.1:1/massline",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def read_settings(tmp_path: Path, expression: str = "", **variables: str) -> tuple[int, str, str]:
    """Reads the settings in a process of its own."""
    environ = {"PATH": os.environ["PATH"], "MASSLINE_HOME": str(tmp_path), **variables}
    code = f"import massline.settings as s; print({expression or 0})"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, env=environ, cwd=BASE, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip(), done.stderr.strip().splitlines()[-1] if done.stderr else ""


@pytest.mark.parametrize("value", ["maybe", "2", "-1", "ja"])
def test_a_flag_is_yes_or_no(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DEBUG must be 1 or 0"):
        Env({"DEBUG": value}).flag("DEBUG", False)


@pytest.mark.parametrize("value", ["0", "65536", "80a", "-80", "8 0", "８０"])
def test_a_number_is_whole_and_in_range(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^PORT must be a whole number from 1 to 65535"):
        Env({"PORT": value}).number("PORT", 8000, 1, 65535)


@pytest.mark.parametrize(
    "url",
    ["", "massline", "mysql://a:b@c/d", "postgresql://host/db", "postgresql://user@host/", "postgresql://u@h:port/db"],
)
def test_a_database_is_postgresql_and_has_a_name_and_a_user(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL "):
        database_from_url("DATABASE_URL", url)


def test_a_database_address_is_read_whole() -> None:
    found = database_from_url("X", "postgres://us%40er:p%2Fw@db.example:6543/na%20me?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("us@er", "p/w", "na me")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]["sslmode"]) == ("db.example", "6543", "require")


def test_a_socket_folder_may_be_the_host() -> None:
    assert database_from_url("X", "postgresql://u:p@/db?host=%2Frun%2Fpg")["HOST"] == "/run/pg"


def test_a_broker_is_redis_or_valkey() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^REDIS_URL must begin with"):
        Env({"REDIS_URL": "amqp://x"}).broker("REDIS_URL")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD + "\n")
    assert Env({"KEY_FILE": str(tmp_path / "key")}).secret("KEY") == GOOD


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"KEY_FILE names .*missing, which cannot be read"):
        Env({"KEY_FILE": str(tmp_path / "missing")}).secret("KEY")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="too short"):
        Env({"KEY": "short"}).secret("KEY")


def test_what_the_stack_left_stands_behind_the_environment(tmp_path: Path) -> None:
    (tmp_path / "stack.env").write_text("# note\nA=left\nB=left=1\n")
    env = Env({"A": "given", "B": ""}, read_lines(tmp_path / "stack.env"))
    assert (env.text("A"), env.text("B"), env.text("C", "default")) == ("given", "left=1", "default")


def test_production_starts_with_everything_set(tmp_path: Path) -> None:
    expression = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    code, out, error = read_settings(tmp_path, expression, **PRODUCTION)
    assert (code, out) == (0, "False True True True"), error


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DEBUG": "1"}, "DEBUG is refused in production"),
        ({"MASSLINE_SECURE_COOKIES": "0"}, "sign-ins need HTTPS"),
        ({"MASSLINE_SECRET_KEY": ""}, "MASSLINE_SECRET_KEY is not set"),
        ({"MASSLINE_MASTER_KEY": ""}, "MASSLINE_MASTER_KEY is not set"),
        ({"MASSLINE_MASTER_KEY": GOOD}, "must differ"),
        ({"MASSLINE_SECRET_KEY": "not-secret-and-only-for-tests-0123456789"}, "is a demo secret"),
        ({"MASSLINE_SECRET_KEY": "a" * 64}, "is a demo secret"),
        ({"MASSLINE_DEMO_PASSWORD": "demo"}, "MASSLINE_DEMO_PASSWORD is refused"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"MASSLINE_SECURITY_CONTACT": "security@example.org"}, "must begin with mailto:"),
        ({"MASSLINE_SECURITY_CONTACT": "mailto:security@example.org"}, "MASSLINE_SECURITY_EXPIRES is not set"),
        ({"MASSLINE_ENV": "prod"}, "MASSLINE_ENV must be one of"),
    ],
)
def test_production_refuses(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    code, _, error = read_settings(tmp_path, **{**PRODUCTION, **changed})
    assert code == 1
    assert said in error


def test_without_any_word_it_is_production(tmp_path: Path) -> None:
    _, out, _ = read_settings(tmp_path, "s.PRODUCTION", **{**PRODUCTION, "MASSLINE_ENV": ""})
    assert out == "True"


@pytest.mark.parametrize(("host", "secure"), [("127.0.0.1", "False"), ("::1", "False"), ("0.0.0.0", "True")])
def test_the_demo_takes_plain_http_on_loopback_only(tmp_path: Path, host: str, secure: str) -> None:
    _, out, error = read_settings(
        tmp_path, "s.SESSION_COOKIE_SECURE", **{**PRODUCTION, "MASSLINE_ENV": "demo", "HOST": host}
    )
    assert out == secure, error


def test_manage_py_says_it_in_one_sentence(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "MASSLINE_HOME": str(tmp_path)}
    run = [sys.executable, "manage.py", "check"]
    done = subprocess.run(run, env=environ, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "massline: MASSLINE_SECRET_KEY is not set (nor MASSLINE_SECRET_KEY_FILE).\n"


@pytest.mark.parametrize(
    ("command", "owner"),
    [
        ("manage.py prepare", True),
        ("manage.py migrate --database owner", True),
        ("/srv/massline/manage.py showmigrations --database=owner", True),
        ("manage.py migrate", False),
        ("manage.py shell", False),
        ("manage.py audit verify --database default", False),
        ("manage.py shell prepare", False),
        ("granian --interface wsgi massline.wsgi:application", False),
        ("celery worker --database owner", False),
        ("-c", False),
    ],
)
def test_only_a_command_that_alters_is_the_owner(command: str, owner: bool) -> None:
    assert acts_as_owner(command.split()) is owner


def test_a_command_that_alters_needs_the_owner(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "MASSLINE_HOME": str(tmp_path), **PRODUCTION}
    del environ["DATABASE_OWNER_URL"]
    run = [sys.executable, "manage.py", "prepare"]
    done = subprocess.run(run, env=environ, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.stderr == "massline: DATABASE_OWNER_URL is not set (nor DATABASE_OWNER_URL_FILE).\n"


def test_every_variable_is_documented() -> None:
    asked = re.compile(r'env\.(?:text|flag|number|choice|names|day|secret|database|broker)\(\s*"([A-Z_]+)"')
    files = [BASE / "massline/settings.py", BASE / "massline/stack/up.py"]
    names = {name for path in files for name in asked.findall(path.read_text())}
    assert len(names) > 12
    documented = set(re.findall(r"`([A-Z_]+)`", (BASE / "docs/operations.md").read_text()))
    assert names <= documented, names - documented


MAILS = PRODUCTION | {"MASSLINE_SMTP_HOST": "mail.example", "MASSLINE_MAIL_FROM": "massline@office.example"}


@pytest.mark.parametrize("more", [{}, {"MASSLINE_SITE": "massline.example"}])
def test_messages_link_to_where_the_site_is_reached(tmp_path: Path, more: dict[str, str]) -> None:
    code, _, said = read_settings(tmp_path, **MAILS, **more)
    assert code == 1 and "MASSLINE_SITE" in said
    assert read_settings(tmp_path, "s.SITE", **MAILS, MASSLINE_SITE="https://massline.example/")[:2] == (
        0,
        "https://massline.example",
    )
