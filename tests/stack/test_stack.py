"""`make up`: a real stack is started, killed, started again and stopped."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from massline.env import read_lines
from massline.stack.process import members
from massline.stack.valkey import free_port
from tests.conftest import open_folder
from tests.database import BASE


class Launcher:
    """`manage.py up` in a process of its own, with an environment that names nothing but its home and port."""

    def __init__(self, home: Path, port: int, **variables: str) -> None:
        self.home, self.port = home, port
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(home), "MASSLINE_HOME": str(home), "PORT": str(port)}
        self.environ |= variables
        self.output = ""

    def start(self) -> None:
        """Returns when it is ready."""
        self.popen = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            env=self.environ,
            cwd=BASE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.output += line
            if line.startswith("ready: "):
                return
        raise AssertionError(f"never ready: {self.output}")

    def fail(self, lines: int = 1) -> str:
        """Starts what cannot start; returns what it said."""
        run = [sys.executable, "manage.py", "up"]
        done = subprocess.run(run, env=self.environ, cwd=BASE, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1, done
        assert "Traceback" not in done.stdout + done.stderr
        assert len(done.stderr.splitlines()) == lines
        return done.stderr

    def end(self, with_signal: int) -> int:
        self.popen.send_signal(with_signal)
        code = self.popen.wait(40)
        assert self.popen.stdout is not None
        self.popen.stdout.close()
        return code

    def children(self) -> dict[str, int]:
        return {child["name"]: child["pid"] for child in json.loads((self.home / "run/children.json").read_text())}

    def processes(self) -> dict[str, list[dict[str, str]]]:
        """The environment of each process of each program, as the kernel tells it."""
        programs = {name: psutil.Process(pid) for name, pid in self.children().items()}
        return {name: [environ_of(p.pid) for p in (it, *it.children(recursive=True))] for name, it in programs.items()}

    def get(self, path: str) -> tuple[int, dict[str, str]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def manage(self, *arguments: str) -> str:
        """A command typed by hand beside the running stack, which knows the home and nothing else."""
        environ = {"PATH": os.environ["PATH"], "MASSLINE_HOME": str(self.home)}
        run = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(run, env=environ, cwd=BASE, capture_output=True, text=True, check=True)
        return done.stdout.strip()


def environ_of(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs if pair)}


def wait_for(condition: object, seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def launcher(stack_home: Path) -> Iterator[Launcher]:
    """One stack for this module. It is stopped whatever happens."""
    launcher = Launcher(stack_home, free_port(), DEMO="0")
    launcher.start()
    try:
        yield launcher
    finally:
        if launcher.popen.poll() is None:
            launcher.end(signal.SIGTERM)


def test_1_it_prints_where_it_is_ready(launcher: Launcher) -> None:
    assert f"ready: http://127.0.0.1:{launcher.port}\n" in launcher.output
    assert launcher.get("/healthz") == (200, {"status": "ok"})
    # Nobody sits at a terminal, and nobody decided about scanning.
    assert "MASSLINE_SCANNER is not set: no files are taken" in launcher.output
    assert launcher.get("/readyz")[1]["files"] == "not taken: MASSLINE_SCANNER is not set"


def test_2_database_broker_worker_and_clock_are_seen(launcher: Launcher) -> None:
    assert wait_for(lambda: launcher.get("/readyz")[0] == 200), launcher.get("/readyz")


def test_3_secrets_are_for_nobody_else(launcher: Launcher) -> None:
    private = [launcher.home / "stack.env", launcher.home / "owner.env", *(launcher.home / "secrets").iterdir()]
    assert len(private) > 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    for pid in launcher.children().values():
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        assert not any(path.read_text().strip() in command for path in (launcher.home / "secrets").iterdir())


def test_4_commands_beside_it_find_database_and_broker(launcher: Launcher) -> None:
    code = "from massline import health as h; print(h.database_answers(), h.broker_answers())"
    assert launcher.manage("shell", "--verbosity", "0", "-c", code) == "True True"


def test_5_the_application_is_not_the_owner(launcher: Launcher) -> None:
    sql = "SELECT current_user, has_table_privilege('audit_event', 'INSERT')"
    code = f'from django.db import connection as c; k = c.cursor(); k.execute("{sql}"); print(k.fetchone())'
    assert launcher.manage("shell", "--verbosity", "0", "-c", code) == "('massline_app', False)"


def test_5_no_process_is_told_of_the_owner(launcher: Launcher) -> None:
    password = (launcher.home / "secrets/owner_password").read_text().strip()
    processes = launcher.processes()
    assert {name: len(found) > 1 for name, found in processes.items()} == {
        "postgres": True, "valkey": False, "web": True, "worker": True, "beat": False
    }  # fmt: skip
    for name, found in processes.items():
        for environ in found:
            assert password not in str(environ) and not any("OWNER" in variable for variable in environ), name
    assert password not in (launcher.home / "stack.env").read_text()


@pytest.mark.parametrize(("program", "module"), [("web", "wsgi"), ("worker", "celery"), ("beat", "celery")])
@pytest.mark.parametrize("told", [False, True])
def test_5_who_serves_cannot_be_the_owner(launcher: Launcher, program: str, module: str, told: bool) -> None:
    """Neither as it is started, nor where somebody puts the address into its environment."""
    code = (
        f"import massline.{module}; from django.db import connections; connections['default'].ensure_connection();"
        "print(connections['default'].settings_dict['USER']); connections['owner'].ensure_connection()"
    )
    environ = launcher.processes()[program][0]
    if told:
        environ |= read_lines(launcher.home / "owner.env")
        assert "massline_owner" in environ["DATABASE_OWNER_URL"]
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, env=environ, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.stdout == "massline_app\n"
    assert "The connection 'owner' doesn't exist" in done.stderr


def test_5_commands_that_alter_are_the_owner(launcher: Launcher) -> None:
    launcher.manage("migrate", "--database", "owner")
    assert "[X]" in launcher.manage("showmigrations", "--database=owner", "audit")
    assert "ok: every row is as the log says" in launcher.manage("audit", "verify")


def test_5_nor_is_the_owner_of_somebody_elses_database_told(launcher: Launcher) -> None:
    """A second stack, whose operator gives it the first one's database and broker."""
    given = {**read_lines(launcher.home / "stack.env"), **read_lines(launcher.home / "owner.env")}
    given = {name: given[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    with open_folder() as home:
        second = Launcher(home, free_port(), DEMO="0", **given)
        second.start()
        try:
            password = (launcher.home / "secrets/owner_password").read_text().strip()
            found = second.processes()
            assert set(found) == {"web", "worker", "beat"}
            assert password not in str(found) and "OWNER" not in str(found)
            assert password not in (home / "stack.env").read_text()
            second.manage("migrate", "--database", "owner")
        finally:
            second.end(signal.SIGTERM)


def test_6_a_second_launcher_is_told_who_is_first(launcher: Launcher) -> None:
    said = Launcher(launcher.home, free_port(), DEMO="0").fail()
    assert re.match(rf"massline: massline already runs from \S+ \(process {launcher.popen.pid}\)\.", said)


def test_7_a_program_that_dies_is_started_anew(launcher: Launcher) -> None:
    before = launcher.children()["beat"]
    os.kill(before, signal.SIGKILL)
    assert wait_for(lambda: launcher.children()["beat"] != before)


def test_8_killed_it_takes_all_with_it_and_recovers_by_itself(launcher: Launcher) -> None:
    children = launcher.children()
    assert set(children) == {"postgres", "valkey", "web", "worker", "beat"}
    launcher.manage("shell", "--verbosity", "0", "-c", "from django.core.cache import cache; cache.set('kept', 1, 600)")
    time.sleep(1.1)  # the broker writes down what it was told every second
    launcher.end(signal.SIGKILL)
    launcher.start()  # at once, while the old ones still go
    assert not {pid for old in children.values() for pid in members(old)}
    code = "from django.core.cache import cache; print(cache.get('kept'))"
    assert launcher.manage("shell", "--verbosity", "0", "-c", code) == "1"


def test_9_asked_to_stop_it_leaves_nothing_running(launcher: Launcher) -> None:
    children = launcher.children()
    assert launcher.end(signal.SIGINT) == 0
    assert not {pid for old in children.values() for pid in members(old)}
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", launcher.port)) != 0
    assert not (launcher.home / "postgres/postmaster.pid").exists()
