"""Reads the environment by typed helpers that refuse nonsense.

A setting NAME comes from the variable NAME, else from the file that NAME_FILE names, else from what a running stack
left for its neighbours in MASSLINE_HOME/stack.env, else from the default. An empty value counts as unset.

The owner of the database is another matter (`acts_as_owner`): who serves has no way to be it.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

STACK_FILE = "stack.env"
OWNER_FILE = "owner.env"
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


def read_lines(path: Path) -> dict[str, str]:
    """Reads NAME=value lines; nothing when there is no such file, or it is not ours to read."""
    try:
        text = path.read_text()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def acts_as_owner(command: Sequence[str]) -> bool:
    """Tells whether this command line migrates or alters: `manage.py prepare`, or any command with `--database owner`.

    Such a process alone has a connection `owner`, and reads the owner's address: from its own environment, else from
    MASSLINE_HOME/owner.env, which a running `make up` left there. In the web server, the worker and the clock there is
    no such connection, whatever their environment says; the launcher and docker-compose.yml keep it out of that too.
    """
    program, *arguments = command
    if Path(program).name != "manage.py":
        return False
    named = [arguments[at + 1 : at + 2] for at, word in enumerate(arguments) if word == "--database"]
    return arguments[:1] == ["prepare"] or ["owner"] in named or "--database=owner" in arguments


class Env:
    def __init__(self, variables: Mapping[str, str], left: Mapping[str, str] | None = None) -> None:
        self._sources = (variables, left or {})

    @classmethod
    def here(cls, base: Path, as_owner: bool = False) -> "Env":
        """This process's environment, and below it what the stack in MASSLINE_HOME (./var) left.

        Tests take nothing from a stack that happens to run beside them.
        """
        if os.environ.get("MASSLINE_ENV") == "test":
            return cls(os.environ)
        home = Path(os.environ.get("MASSLINE_HOME") or base / "var")
        left = read_lines(home / STACK_FILE)
        return cls(os.environ, left | read_lines(home / OWNER_FILE) if as_owner else left)

    def _find(self, name: str) -> str | None:
        for source in self._sources:
            if value := source.get(name, "").strip():
                return value
            if path := source.get(f"{name}_FILE", "").strip():
                return _content(name, path)
        return None

    def text(self, name: str, default: str | None = None) -> str:
        value = self._find(name)
        if value is None:
            if default is None:
                raise ImproperlyConfigured(f"{name} is not set (nor {name}_FILE).")
            return default
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in YES | NO:
            raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
        return value in YES

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def names(self, name: str, default: str = "") -> list[str]:
        """Values with commas between them."""
        return [part for part in (p.strip() for p in self.text(name, default).split(",")) if part]

    def day(self, name: str) -> date | None:
        value = self.text(name, "")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a day such as 2027-06-30, not {value!r}.") from None

    def secret(self, name: str, default: str | None = None) -> str:
        value = self.text(name, default)
        if len(value) < 32:
            raise ImproperlyConfigured(f"{name} is too short: give at least 32 random characters.")
        return value

    def database(self, name: str, default: str | None = None) -> dict[str, Any]:
        return database_from_url(name, self.text(name, default))

    def broker(self, name: str, default: str | None = None) -> str:
        value = self.text(name, default)
        if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
            raise ImproperlyConfigured(f"{name} must begin with redis://, rediss:// or unix://.")
        return value


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from None


def database_from_url(name: str, url: str) -> dict[str, Any]:
    """Converts postgresql://user:password@host:port/database?option=value (host may also be an option) to Django's
    form."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not an address of a database.") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql:// (only PostgreSQL is supported).")
    if len(parts.path) < 2 or not parts.username:
        raise ImproperlyConfigured(f"{name} must name a user and a database: postgresql://user:password@host/database")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(port or ""),
        "OPTIONS": {"connect_timeout": "5", **options},
    }
