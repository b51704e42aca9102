"""Exports among real processes that are killed in the middle: nothing is lost, and nothing is made twice.

A lock that the test holds keeps an export in the middle of its reading, or just before it is committed.
"""

import hashlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg2
import pytest

from massline.stack.process import members
from massline.stack.valkey import free_port
from tests.database import BASE
from tests.stack.test_stack import Launcher, wait_for

READING = "LOCK TABLE responsibility_region IN ACCESS EXCLUSIVE MODE"
"""The rows name their region; what comes before they are read does not."""
BUILD = """
import json
from django.db import connection, transaction
from django.contrib.sessions.backends.db import SessionStore
from tests.city import build_city, walk_to
city = build_city()
for state in ("received", "forwarded", "handling", "closed"):
    walk_to(state)
session = SessionStore()
session["_auth_user_id"], session["_auth_user_hash"] = str(city.auditor.pk), city.auditor.get_session_auth_hash()
session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
with transaction.atomic():
    session.create()
s = connection.settings_dict
given = {"dbname": s["NAME"], "user": s["USER"], "password": s["PASSWORD"], "host": s["HOST"], "port": s["PORT"]}
print(json.dumps([given, session.session_key]))
"""
ASK = """
from uuid import uuid4
from accounts.models import User
from reports import exports
exports.SMALL = -1
auditor = User.objects.get(username="auditor")
job = exports.ask(auditor, uuid4(), "ledger", "{form}", {{}}, ["name"], "核对信访人的登记信息")
print(job.pk)
"""
WAKE = "from massline.wake import wake; wake('reports.exports')"


class City(Launcher):
    """A running massline with a few petitions; its database and an auditor's session at hand."""

    def run(self, code: str) -> str:
        environ = {"PATH": os.environ["PATH"], "MASSLINE_HOME": str(self.home), "PYTHONPATH": str(BASE)}
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
        done = subprocess.run(command, env=environ, cwd=BASE, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg2.connect(**self.database) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchall() if cursor.description else []
        connection.close()
        return found

    @contextmanager
    def holding(self, statement: str, *values: Any) -> Iterator[None]:
        connection = psycopg2.connect(**self.database)
        connection.cursor().execute(statement, values)
        try:
            yield
        finally:
            connection.close()

    def asked(self, form: str) -> int:
        """A large one, for the worker."""
        return int(self.run(ASK.format(form=form)))

    def ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def blocked(self) -> bool:
        return self.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0][0] > 0

    def kill(self, *names: str) -> None:
        """At once, with every process that belongs to it; the launcher starts it anew."""
        before = self.children()
        for name in names:
            for pid in [*members(before[name]), before[name]]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        assert wait_for(lambda: all(self.children()[name] != before[name] for name in names), 30)
        assert wait_for(self.ready, 60)

    def row(self, pk: int) -> dict[str, Any]:
        return self.sql("SELECT row_to_json(e) FROM reports_export e WHERE id = %s", pk)[0][0]

    def events(self, name: str, pk: int) -> int:
        """Of this export, which is the only one since it was asked for."""
        since = (
            "SELECT count(*) FROM audit_event a, reports_export e WHERE a.name = %s AND e.id = %s AND at >= e.asked_at"
        )
        return self.sql(since, name, pk)[0][0]

    def unmasked(self) -> int:
        return self.sql("SELECT count(*) FROM audit_event WHERE name = 'petition.unmasked'")[0][0]

    def files(self, name: str) -> list[Path]:
        return sorted((self.home / "private/exports").glob(f"{name}*"))

    def time_passes(self, pk: int) -> None:
        """The lease of whoever is dead runs out; somebody wakes the worker, as beat does every minute."""
        self.sql("UPDATE reports_export SET leased_until = now() WHERE id = %s AND state = 'running'", pk)
        self.run(WAKE)

    def made_once(self, pk: int) -> None:
        assert wait_for(lambda: self.row(pk)["state"] == "done", 60), self.row(pk)
        job = self.row(pk)
        (file,) = self.files(job["name"])
        assert hashlib.sha256(file.read_bytes()).hexdigest() == job["sha256"]
        assert (self.events("exported", pk), job["rows"]) == (1, 4)


@pytest.fixture(scope="module")
def city(stack_home: Path, stack_database: dict[str, str]) -> Iterator[City]:
    city = City(stack_home, free_port(), DEMO="0", **stack_database)
    city.start()
    try:
        assert wait_for(city.ready, 60)
        city.database, city.session = json.loads(city.run(BUILD).splitlines()[-1])
        yield city
    finally:
        if city.popen.poll() is None:
            city.end(signal.SIGTERM)


@pytest.mark.parametrize("form", ["csv", pytest.param("xlsx", marks=pytest.mark.soak)])
def test_worker_and_broker_killed_while_it_is_read(city: City, form: str) -> None:
    before = city.unmasked()
    with city.holding(READING):
        pk = city.asked(form)
        assert wait_for(city.blocked, 30)
        city.kill("worker", "valkey")
        left = city.row(pk)
        assert (left["state"], left["sha256"], city.events("exported", pk)) == ("running", "", 0)
    city.time_passes(pk)
    city.made_once(pk)
    assert city.row(pk)["attempts"] == 2
    assert city.unmasked() == before + 4


def test_worker_killed_when_the_file_is_written_and_not_yet_committed(city: City) -> None:
    before = city.unmasked()
    with ExitStack() as last:
        with city.holding(READING):
            pk = city.asked("csv")
            assert wait_for(lambda: city.row(pk)["state"] == "running" and city.blocked(), 30)
            last.enter_context(city.holding("SELECT FROM reports_export WHERE id = %s FOR UPDATE", pk))
        name = city.row(pk)["name"]
        assert wait_for(lambda: any(f.stat().st_size for f in city.files(name)) and city.blocked(), 30)
        city.kill("worker")
    assert (city.row(pk)["sha256"], city.events("exported", pk), city.unmasked()) == ("", 0, before)
    city.time_passes(pk)
    city.made_once(pk)
    assert city.unmasked() == before + 4


def _ask(city: City, cookies: dict[str, str], method: str, path: str, body: str = "") -> tuple[Any, str]:
    """What the web server answers, and its page."""
    web = http.client.HTTPConnection("127.0.0.1", city.port, timeout=30)
    head = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
    head |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    web.request(method, path, body, head)
    response = web.getresponse()
    return response, response.read().decode()


def test_web_killed_in_the_middle_of_a_small_one(city: City) -> None:
    cookies = {"__Host-sessionid": city.session}
    ask = partial(_ask, city, cookies)
    response, page = ask("GET", "/desk/exports/new/")
    given = " ".join(response.headers.get_all("Set-Cookie", []))
    cookies["__Host-csrftoken"] = re.search(r"__Host-csrftoken=(\w+)", given)[1]  # type: ignore[index]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]  # type: ignore[index]
    nonce = str(uuid4())
    form = urlencode({"csrfmiddlewaretoken": token, "what": "ledger", "form": "csv", "nonce": nonce})
    failed: list[str] = []

    def send() -> None:
        try:
            ask("POST", "/desk/exports/new/", form)
        except (OSError, http.client.HTTPException) as error:
            failed.append(type(error).__name__)

    with city.holding(READING):
        posting = threading.Thread(target=send)
        posting.start()
        assert wait_for(city.blocked, 30)
        city.kill("web")
        posting.join(30)
    assert failed
    ((pk,),) = city.sql("SELECT id FROM reports_export WHERE nonce = %s", nonce)
    assert city.row(pk)["state"] == "running" and city.events("exported", pk) == 0
    response, _page = ask("POST", "/desk/exports/new/", form)  # sent again: the same one
    assert response.status == 302
    address = response.headers["Location"]
    city.time_passes(pk)
    city.made_once(pk)
    _response, page = ask("GET", address)
    path = re.search(r'href="(/desk/exports/\w+/file/[^"]+)"', page)[1]  # type: ignore[index]
    response, text = ask("GET", path)
    assert response.status == 200 and hashlib.sha256(text.encode()).hexdigest() == city.row(pk)["sha256"]
