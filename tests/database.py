"""Databases for tests: templates, and clones of them.

The empty template is migrated by the owner as in real life. A world is a template that holds records as well: whoever
asks first builds it, and every worker clones it. A template's name carries a hash of everything that makes it, so that
a second run on the same server finds it ready.
"""

import atexit
import hashlib
import os
import pickle
import shutil
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.errors
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg2.extensions import cursor as Cursor

from massline.env import database_from_url
from massline.stack import Trouble
from massline.stack.database import Address, cursor_at
from massline.stack.home import Home, Lock
from massline.stack.postgres import Postgres

BASE = Path(__file__).resolve().parent.parent
TEMPLATE = "massline_empty_"
WORLD = "massline_world_"
CLONE = "massline_run_"
KEEP = {TEMPLATE: 4, WORLD: 20}
"""How many templates stay for later runs: the youngest."""
CODE = (".py", ".toml", ".csv", ".sql")
TODAY = date.today()
ALIASES = ("default", "owner")


def start_postgres() -> None:
    """When no database is named: our own, in var/test, or in a passing folder when another run uses that."""
    if os.environ.get("DATABASE_URL"):
        return
    home = Home.at(BASE / "var" / "test")
    lock = Lock(home)
    try:
        lock.take(patience=0)
        atexit.register(lock.release)  # which keeps it until then: a lock that nothing holds is open at once
    except Trouble:
        passing = Path(tempfile.mkdtemp(prefix="massline-test-"))
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        home = Home.at(passing)
    postgres = Postgres(home, os.environ.get("PG_BINDIR"), for_tests=True, durable=False)
    postgres.start()
    atexit.register(postgres.stop)
    postgres.prepare()
    os.environ["DATABASE_URL"] = postgres.app.url
    os.environ["DATABASE_OWNER_URL"] = postgres.owner.url
    for alias, name in zip(ALIASES, ("DATABASE_URL", "DATABASE_OWNER_URL"), strict=True):
        connections.settings[alias].update(database_from_url(name, os.environ[name]))


def urls_of(name: str) -> dict[str, str]:
    """What a program of its own is told, to work on the database of this name."""
    found = {}
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        head, _, tail = os.environ[variable].partition("?")
        found[variable] = head[: head.rindex("/") + 1] + name + ("?" + tail if tail else "")
    return found


def owner() -> Address:
    """The owner in the database that DATABASE_OWNER_URL names: from there others are made."""
    found = database_from_url("DATABASE_OWNER_URL", os.environ["DATABASE_OWNER_URL"])
    return Address(found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"])


@cache
def fingerprint() -> str:
    """Of all that the empty template is made from."""
    files: list[Path] = []
    for config in apps.get_app_configs():
        app = Path(config.path)
        files += sorted((app / "migrations").glob("*.[ps][yq]*"))
        if app.parent == BASE:
            files += [*sorted((app / "data").rglob("*.*")), *app.glob("models.py")]
    files += [*sorted((BASE / "audit").glob("*.py")), BASE / "records" / "operations.py"]
    return _digest(files)


@cache
def world_fingerprint() -> str:
    """Of all that has a say in what a world holds; and of the day, as dates in it are counted from its making."""
    folders = {Path(config.path) for config in apps.get_app_configs()} | {BASE / "tests", BASE / "massline"}
    files = [path for folder in folders if BASE in folder.parents for path in folder.rglob("*.*")]
    code = sorted(path for path in files if path.suffix in CODE and not path.name.startswith("test_"))
    return _digest(code, f"{fingerprint()} {TODAY}")


def _digest(files: Iterable[Path], more: str = "") -> str:
    digest = hashlib.sha256(more.encode())
    for path in files:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def point_at(name: str) -> None:
    """From here on both aliases, in every thread, mean this database."""
    for alias in ALIASES:
        connections[alias].close()
        connections.settings[alias]["NAME"] = name


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Both aliases mean this database inside."""
    before = connections.settings["default"]["NAME"]
    point_at(name)
    try:
        yield
    finally:
        point_at(before)


@cache
def template() -> str:
    """The name of the empty template, made now when there is none."""
    name = TEMPLATE + fingerprint()
    _made(name, "template0", lambda: call_command("migrate", database="owner", verbosity=0, interactive=False))
    return name


def _made(name: str, source: str, build: Callable[[], Any]) -> Any:
    """What `build` returned when it made the template of this name, which it does now when there is none.

    It is kept, pickled, as the comment of the database. One process at a time builds.
    """
    with cursor_at(owner()) as cursor:
        if (kept := _comment(cursor, name)) is None:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
            if (kept := _comment(cursor, name)) is None:
                kept = _build(cursor, name, source, build)
                _forget(cursor)
    return pickle.loads(b64decode(kept.partition(" ")[2]))


def _comment(cursor: Cursor, name: str) -> str | None:
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
    return next((comment for (comment,) in cursor), None)


def _build(cursor: Cursor, name: str, source: str, build: Callable[[], Any]) -> str:
    """The comment of the new template: when it was made, for _forget, and what `build` returned."""
    fresh = f"{name}_new"
    _create(cursor, fresh, source)
    with pointed_at(fresh):
        made = pickle.dumps(build())
    cursor.execute("SELECT extract(epoch FROM now())::bigint")  # a test may have moved our own clock
    comment = f"{cursor.fetchone()[0]} {b64encode(made).decode()}"
    cursor.execute(f"COMMENT ON DATABASE {fresh} IS '{comment}'")
    cursor.execute(f"ALTER DATABASE {fresh} RENAME TO {name}")
    return comment


def _forget(cursor: Cursor) -> None:
    """Drops templates of earlier states of the code, and clones whose test run died."""
    old: list[str] = []
    for prefix, keep in KEEP.items():
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY shobj_description(oid, 'pg_database') DESC",
            [f"^{prefix}.*[0-9a-f]{{12}}$"],
        )
        old += [name for (name,) in cursor.fetchall()][keep:]
    cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{CLONE}"])
    dead = [name for (name,) in cursor.fetchall() if not Path(f"/proc/{name.split('_')[2]}").exists()]
    for name in [*old, *dead]:
        with suppress(psycopg2.Error):
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def clone(label: str, source: str | None = None) -> Iterator[str]:
    """A fresh database like a template, the empty one unless another is named; dropped afterwards."""
    name = f"{CLONE}{os.getpid()}_{label}"
    source = source or template()
    with cursor_at(owner()) as cursor:
        _create(cursor, name, source)
    try:
        yield name
    finally:
        with cursor_at(owner()) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def passing(label: str, source: str | None = None) -> Iterator[str]:
    """A database of its own for what commits; both aliases mean it until it is dropped."""
    with clone(label, source) as name, pointed_at(name):
        yield name


def world_template(label: str, build: Callable[[], Any]) -> tuple[str, Any]:
    """The name of a world's template, and what `build` returned when it was made."""
    made_by = Path(build.__code__.co_filename)
    name = f"{WORLD}{label}_{_digest([made_by], world_fingerprint())}"
    return name, _made(name, template(), build)


@contextmanager
def world(label: str, build: Callable[[], Any]) -> Iterator[Any]:
    """A database of its own that begins as `build` leaves one; yields what `build` returns, which can be pickled.

    `build` runs when the code or the day is a new one: whoever asks with the same label gets the same world.
    """
    name, made = world_template(label, build)
    with passing(label, name):
        yield made


def _create(cursor: Cursor, name: str, source: str) -> None:
    for attempt in range(20):
        try:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
            cursor.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")  # a copy does not take that along
            return
        except psycopg2.errors.ObjectInUse:  # somebody still looks at the template
            if attempt == 19:
                raise
            time.sleep(0.1)
