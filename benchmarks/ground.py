"""A stack of our own in a passing folder: nobody's data are touched, and all of it ends with us."""

import gc
import os
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from massline.env import database_from_url
from massline.stack import Trouble
from massline.stack.database import cursor_at
from massline.stack.home import Home
from massline.stack.postgres import Postgres
from massline.stack.process import Child, last_lines
from massline.stack.valkey import Valkey, free_port

BASE = Path(__file__).resolve().parent.parent
TEMPLATE = "bench_template"
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MASSLINE_SECRET_KEY", "MASSLINE_MASTER_KEY", "PORT")


class Ground:
    """PostgreSQL and Valkey, Django set up on them, and a migrated city to clone."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.postgres = Postgres(home, os.environ.get("PG_BINDIR"), for_tests=True)
        self.valkey = Valkey(home)

    def prepare(self) -> None:
        """Settings from here on name this stack alone, whatever the environment said before."""
        for name in GIVEN:
            os.environ.pop(name, None)
            os.environ.pop(f"{name}_FILE", None)
        os.environ |= self.environ()
        (self.home.path / "static").mkdir()
        import django
        from django.conf import settings
        from django.core.management import call_command

        settings.DATABASES["owner"] = database_from_url("the owner", self.postgres.owner.url)
        django.setup()
        gc.freeze()  # as the web server and the worker do
        settings.STORAGES["staticfiles"] = PLAIN_STATIC  # no page is sent to a browser
        settings.PASSWORD_HASHERS.insert(0, QUICK)  # and nobody signs in by password
        self.create(TEMPLATE, "template0")
        point_at(TEMPLATE)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        from benchmarks.city import found_city

        found_city()
        point_at(self.postgres.app.name)

    def environ(self) -> dict[str, str]:
        """What a process needs to know to run on this stack."""
        return {
            "DJANGO_SETTINGS_MODULE": "massline.settings",
            "MASSLINE_HOME": str(self.home.path),
            "MASSLINE_ENV": "demo",
            "MASSLINE_SECRET_KEY": self.home.secret("secret_key", 48),
            "MASSLINE_MASTER_KEY": self.home.secret("master_key", 48),
            "MASSLINE_FILING_LIMIT": str(10**9),
            "MASSLINE_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self.postgres.app.url,
            "REDIS_URL": self.valkey.url,
        }

    def create(self, name: str, source: str) -> None:
        with cursor_at(self.postgres.owner) as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
            cursor.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")  # a copy does not take that along

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A fresh copy of the city; the address at which the application's role finds it."""
        self.create(name, TEMPLATE)
        point_at(name)
        try:
            yield self.postgres.app.to(name).url
        finally:
            point_at(self.postgres.app.name)
            with cursor_at(self.postgres.owner) as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def server(self, database_url: str) -> Iterator[int]:
        """The web server as `make up` starts it; its port."""
        port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"]
        environ = os.environ | {"DATABASE_URL": database_url}
        log = self.home.logs / "web.log"
        web = Child("web", [*command, "massline.wsgi:application"], log=log, environ=environ, cwd=BASE)
        web.start()
        try:
            _wait(web, port)
            yield port
        finally:
            web.stop()


def _wait(web: Child, port: int) -> None:
    until = monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            if monotonic() > until or not web.running():
                raise Trouble(f"The web server does not answer: {last_lines(web.log)}") from None
        sleep(0.05)


def point_at(name: str) -> None:
    """From here on both aliases mean this database."""
    from django.db import connections

    for alias in ("default", "owner"):
        connections[alias].close()
        connections.settings[alias]["NAME"] = name


@contextmanager
def servers() -> Iterator[Ground]:
    """PostgreSQL and Valkey alone."""
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="massline-bench-")))
        folder.chmod(0o711)  # the account that runs PostgreSQL walks through
        made = Ground(Home.at(folder))
        for server in (made.postgres, made.valkey):
            leaving.callback(server.stop)
            server.start()
        made.postgres.prepare()
        yield made


@contextmanager
def ground() -> Iterator[Ground]:
    with servers() as made:
        made.prepare()
        yield made
