"""Parts of the launcher, and the plain sentences that it says."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from massline.stack import Trouble
from massline.stack.database import cursor_at
from massline.stack.home import Home, Lock
from massline.stack.postgres import Postgres, end_postmaster
from massline.stack.process import Child, born, members
from massline.stack.up import port_must_be_free
from massline.stack.valkey import Valkey, free_port
from tests.conftest import open_folder
from tests.stack.test_stack import Launcher, wait_for


@pytest.fixture
def stack_home() -> Iterator[Path]:
    """A home for each of these tests."""
    with open_folder() as folder:
        yield folder


def test_a_busy_port(stack_home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = Launcher(stack_home, port).fail()
    assert said == f"massline: Port {port} is in use by another program; stop that, or set PORT to another number.\n"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PORT": "http"}, "PORT must be a whole number from 1 to 65535, not 'http'."),
        ({"DEMO": "perhaps"}, "DEMO must be 1 or 0, not 'perhaps'."),
        ({"HOST": "192.0.2.1"}, "HOST 192.0.2.1 is not an address of this machine."),
        ({"PG_BINDIR": "/nowhere"}, "PG_BINDIR is /nowhere, but /nowhere/initdb is not a program that can be run."),
        ({"DATABASE_URL": "postgresql://a@/b"}, "go together: set both or neither."),
        ({"MASSLINE_HOME": "/proc/massline"}, "MASSLINE_HOME /proc/massline cannot be written"),
    ],
)
def test_nonsense_gets_a_plain_sentence(stack_home: Path, variables: dict[str, str], said: str) -> None:
    assert said in Launcher(stack_home, free_port(), **variables).fail()


def test_a_database_that_does_not_answer(stack_home: Path) -> None:
    nobody = "postgresql://{}:x@127.0.0.1:1/massline"
    urls = {"DATABASE_URL": nobody.format("app"), "DATABASE_OWNER_URL": nobody.format("owner")}
    said = Launcher(stack_home, free_port(), **urls).fail()
    assert said.startswith("massline: DATABASE_URL names a database that does not let us in")


def test_made_up_people_and_real_ones_never_share_a_home(stack_home: Path) -> None:
    (stack_home / "kind").write_text("real\n")
    said = Launcher(stack_home, free_port()).fail()
    assert "holds real data, but DEMO=0 was not given" in said


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from massline.stack.process import Child\n"
        f"c = Child('c', ['/bin/sleep', '600'], log=Path({str(tmp_path / 'log')!r})); c.start()\n"
        "print(c.pid, flush=True)\n"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert born(pid) is not None
    parent.kill()
    parent.communicate()
    assert wait_for(lambda: born(pid) is None)


def test_stop_takes_grandchildren_along(tmp_path: Path) -> None:
    child = Child("c", ["/bin/sh", "-c", "trap '' TERM; sleep 600 & wait; wait"], log=tmp_path / "log", patience=0.3)
    child.start()
    assert wait_for(lambda: len(members(child.pid)) == 2)
    child.stop()
    assert wait_for(lambda: not members(child.pid))


def test_a_lock_is_taken_once(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    first, second = Lock(home), Lock(home)
    first.take()
    with pytest.raises(Trouble, match=rf"already runs from {tmp_path} \(process {os.getpid()}\)"):
        second.take()
    first.release()
    second.take()


def test_a_launcher_on_its_way_out_is_waited_for(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    first, second = Lock(home), Lock(home)
    first.take()
    first.say(Lock.STOPPING)
    began = time.monotonic()
    with pytest.raises(Trouble):
        second.take(patience=0.5)
    assert time.monotonic() - began >= 0.5


def test_secrets_stay(tmp_path: Path) -> None:
    assert Home.at(tmp_path).secret("x") == Home.at(tmp_path).secret("x")


def test_a_free_port_is_free() -> None:
    port_must_be_free("127.0.0.1", free_port())


def answers(postgres: Postgres) -> bool:
    with cursor_at(postgres.app) as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone() == ("massline_app",)


def test_postgres_recovers(stack_home: Path) -> None:
    """Half an initdb, then a stale pid file, then a server that still runs, then a pid that is somebody else's."""
    home = Home.at(stack_home)
    (stack_home / "postgres.new").mkdir()
    (stack_home / "postgres.new" / "PG_VERSION").write_text("18\n")
    first = Postgres(home)
    first.start()
    first.prepare()
    assert answers(first)
    second = Postgres(home)
    second.start()  # the first one's server still runs: it is ended
    second.prepare()
    assert answers(second)
    assert first.child is not None
    assert wait_for(lambda: not first.child.running())
    note = second.data / "postmaster.pid"
    stale = note.read_text()
    second.stop()
    note.write_text(stale.replace(stale.split()[0], str(os.getpid()), 1))
    shutil.chown(note, user=second.data.stat().st_uid)
    third = Postgres(home)
    third.start()
    try:
        assert answers(third)
    finally:
        third.stop()


def test_a_pid_that_is_somebody_elses_is_forgotten(tmp_path: Path) -> None:
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n")
    end_postmaster(tmp_path)
    assert not note.exists()


def test_a_home_that_is_closed_to_the_database_account(tmp_path: Path) -> None:
    """As root the database runs as somebody else, and finds a place although the home's parents are closed."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    postgres = Postgres(Home.at(closed / "home"))
    try:
        postgres.start()
        postgres.prepare()
        assert answers(postgres)
        again = Postgres(Home.at(closed / "home"))
        assert again.data == postgres.data
    finally:
        postgres.stop()
        if postgres.place != closed / "home":
            shutil.rmtree(postgres.place)


def test_a_long_home_has_a_short_socket(stack_home: Path) -> None:
    deep = stack_home / ("long-" * 20)
    postgres = Postgres(Home.at(deep))
    assert len(os.fsencode(postgres.sockets)) < 90
    assert Postgres(Home.at(deep)).sockets == postgres.sockets
    shutil.rmtree(postgres.sockets)


def test_the_broker_keeps_its_messages(stack_home: Path) -> None:
    import redis

    valkey = Valkey(Home.at(stack_home))
    valkey.start()
    try:
        client = redis.Redis.from_url(valkey.url)
        client.rpush("queue", *range(500))
        time.sleep(1.2)
        assert valkey.child is not None
        assert valkey.child.popen is not None
        valkey.child.popen.kill()
        valkey.child.stop()
        valkey.start()
        assert redis.Redis.from_url(valkey.url).llen("queue") == 500
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=valkey.port).ping()
    finally:
        valkey.stop()
