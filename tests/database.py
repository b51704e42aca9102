"""Databases for tests: one template, migrated by the owner as in real life, and clones of it.

The template's name carries a hash of everything that makes it, so that a second run on the same server finds it ready.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
TEMPLATE = "massline_tpl_"
CLONE = "massline_run_"
LOCK = 20260101
KEEP_TEMPLATES = 4
ALIASES = ("default", "owner")


def start_postgres() -> None:
    """When no database is named: our own, in var/test, or in a passing folder when another run uses that."""
    if os.environ.get("DATABASE_URL"):
        return
    home = Home.at(BASE / "var" / "test")
    lock = Lock(home)
    try:
        lock.take(patience=0)
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


def _owner() -> Address:
    """The owner in the database that DATABASE_OWNER_URL names: from there others are made."""
    found = database_from_url("DATABASE_OWNER_URL", os.environ["DATABASE_OWNER_URL"])
    return Address(found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"])


def fingerprint() -> str:
    """Of all that the template is made from."""
    files: list[Path] = []
    for config in apps.get_app_configs():
        app = Path(config.path)
        files += sorted((app / "migrations").glob("*.[ps][yq]*"))
        if app.parent == BASE:
            files += [*sorted((app / "data").rglob("*.*")), *app.glob("models.py")]
    files += [*sorted((BASE / "audit").glob("*.py")), BASE / "records" / "operations.py"]
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def point_at(name: str) -> None:
    """From here on both aliases, in every thread, mean this database."""
    for alias in ALIASES:
        connections[alias].close()
        connections.settings[alias]["NAME"] = name


def template() -> str:
    """The name of the migrated template, made now when there is none. One process at a time makes it."""
    name = TEMPLATE + fingerprint()
    owner = _owner()
    with cursor_at(owner) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            _build(cursor, name)
            _forget(cursor)
    return name


def _build(cursor: Cursor, name: str) -> None:
    fresh = f"{name}_new"
    cursor.execute(f"DROP DATABASE IF EXISTS {fresh} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {fresh} TEMPLATE template0")
    before = connections.settings["owner"]["NAME"]
    point_at(fresh)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    point_at(before)
    cursor.execute(f"COMMENT ON DATABASE {fresh} IS '{time.time():.0f}'")
    cursor.execute(f"ALTER DATABASE {fresh} RENAME TO {name}")


def _forget(cursor: Cursor) -> None:
    """Drops templates of earlier states of the code, and clones whose test run died."""
    cursor.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY shobj_description(oid, 'pg_database') DESC",
        [f"^{TEMPLATE}[0-9a-f]+$"],
    )
    old = [name for (name,) in cursor.fetchall()][KEEP_TEMPLATES:]
    cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{CLONE}"])
    dead = [name for (name,) in cursor.fetchall() if not Path(f"/proc/{name.split('_')[2]}").exists()]
    for name in [*old, *dead]:
        with suppress(psycopg2.Error):
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def clone(label: str) -> Iterator[str]:
    """A fresh database like the template, dropped afterwards."""
    source = template()
    name = f"{CLONE}{os.getpid()}_{label}"
    with cursor_at(_owner()) as cursor:
        _create(cursor, name, source)
    try:
        yield name
    finally:
        with cursor_at(_owner()) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def passing(label: str) -> Iterator[str]:
    """A database of its own for what commits; both aliases mean it until it is dropped."""
    before = connections.settings["default"]["NAME"]
    with clone(label) as name:
        point_at(name)
        try:
            yield name
        finally:
            point_at(before)


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
