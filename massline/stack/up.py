"""`manage.py up`: starts everything in order, waits until it answers, watches it, and stops it in order."""

import argparse
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

import psycopg2
import redis
from django.core.exceptions import ImproperlyConfigured

from massline.broker import ask_once
from massline.env import Env, database_from_url
from massline.stack import OF_ANOTHER_VERSION, Trouble, scanner
from massline.stack.database import Address, cursor_at
from massline.stack.home import Home, Lock
from massline.stack.postgres import Postgres
from massline.stack.process import Child, die_with_parent, end_leftovers, last_lines
from massline.stack.valkey import Valkey

BASE = Path(__file__).resolve().parent.parent.parent
MANAGE = BASE / "manage.py"
RESTARTS = 5
"""How often one program may be started anew before we give up."""


class Stopped(Exception):
    """A signal asked us to stop."""


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.stop_with_parent:
        die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    stack = None
    try:
        stack = Stack(Env(os.environ))
        stack.start()
        stack.watch()
    except Stopped:
        return 0
    except (Trouble, ImproperlyConfigured) as trouble:
        complain(str(trouble))
        return 1
    finally:
        if stack is not None:
            stack.stop()
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description=__doc__)
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when whoever started us is gone")
    return parser.parse_args(arguments)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise Stopped


def say(words: str) -> None:
    print(words, flush=True)


def complain(words: str) -> None:
    print(f"massline: {words}", file=sys.stderr, flush=True)


class Stack:
    def __init__(self, env: Env) -> None:
        self.env = env
        self.host = env.text("HOST", "127.0.0.1")
        self.port = env.number("PORT", 8000, 1, 65535)
        self.demo = env.flag("DEMO", True)
        self.home = Home.at(Path(env.text("MASSLINE_HOME", str(BASE / "var"))))
        self.lock = Lock(self.home)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.children: list[Child] = []
        self.restarts: dict[str, int] = {}

    @property
    def url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{self.port}"

    # --- start --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.lock.take()
        self._keep_demo_apart()
        end_leftovers(self.home.last_children())
        port_must_be_free(self.host, self.port)
        variables = self._common() | scanner.variables(self.env, self.home, demo=self.demo)
        database_url, owner_url = self._start_database()
        variables |= {"DATABASE_URL": database_url}
        variables |= self._start_broker()
        self.home.leave(variables, owner_url)
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE_OWNER_URL")},
            **variables,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "massline.settings",
        }
        self._remember()
        prepared = self._prepare()
        port_must_be_free(self.host, self.port)  # still: two web servers can share a port without noticing
        for child in self._programs():
            self._start_child(child)
        self._wait_until_it_answers()
        if words := scanner.warning(self.env, variables, demo=self.demo):
            say(words)
        if prepared and not self.demo:
            say(prepared)  # what is still to be done
        say(f"ready: {self.url}")
        if prepared and self.demo:
            say(prepared)  # who may sign in
        if self.demo and self.host not in {"127.0.0.1", "localhost", "::1"}:
            say("HOST is not this machine alone: sign-ins need HTTPS in front (or MASSLINE_SECURE_COOKIES=0).")

    def _common(self) -> dict[str, str]:
        """Secrets are named by file, so that they stand in no process's environment."""
        variables = {
            "MASSLINE_HOME": str(self.home.path),
            "MASSLINE_ENV": self.env.text("MASSLINE_ENV", "demo" if self.demo else "production"),
            "HOST": self.host,
            "PORT": str(self.port),
        }
        for name in ("MASSLINE_SECRET_KEY", "MASSLINE_MASTER_KEY"):
            given = self.env.text(name, "")
            if not given:
                self.home.secret(name.lower(), 48)
                variables[f"{name}_FILE"] = str(self.home.secrets / name.lower())
        if self.demo and not self.env.text("MASSLINE_DEMO_PASSWORD", ""):
            self.home.secret("demo_password", 9)
            variables["MASSLINE_DEMO_PASSWORD_FILE"] = str(self.home.secrets / "demo_password")
        return variables

    def _keep_demo_apart(self) -> None:
        """Made-up people and real ones never share a database."""
        kind = "demo" if self.demo else "real"
        note = self.home.path / "kind"
        if note.exists() and (kept := note.read_text().strip()) != kind:
            wanted = "DEMO=0 was not" if kept == "real" else "DEMO=0 was"
            raise Trouble(
                f"{self.home.path} holds {kept} data, but {wanted} given; set MASSLINE_HOME to another folder."
            )
        note.write_text(f"{kind}\n")

    def _start_database(self) -> tuple[str, str]:
        """Returns the addresses of the application's role and of the owner's. The latter goes to nobody but
        `prepare`."""
        url, owner = self.env.text("DATABASE_URL", ""), self.env.text("DATABASE_OWNER_URL", "")
        if not url and not owner:
            self.postgres = Postgres(self.home, self.env.text("PG_BINDIR", "") or None)
            self.postgres.start()
            self.postgres.prepare()
            return self.postgres.app.url, self.postgres.owner.url
        if not (url and owner):
            raise Trouble(
                "DATABASE_URL (the application's role) and DATABASE_OWNER_URL (the owner's role, which migrates) "
                "go together: set both or neither."
            )
        app_address = _reach("DATABASE_URL", url)
        owner_address = _reach("DATABASE_OWNER_URL", owner)
        if app_address.user == owner_address.user:
            raise Trouble(
                "DATABASE_URL and DATABASE_OWNER_URL must name two roles: the log is safe from one of them only."
            )
        return url, owner

    def _start_broker(self) -> dict[str, str]:
        url = self.env.text("REDIS_URL", "")
        if not url:
            self.valkey = Valkey(self.home)
            self.valkey.start()
            return {"REDIS_URL": self.valkey.url}
        self.env.broker("REDIS_URL")
        try:
            ask_once(url, seconds=3).ping()
        except (redis.RedisError, ValueError):
            raise Trouble("REDIS_URL names a server that does not answer.") from None
        return {"REDIS_URL": url}

    def _prepare(self) -> str:
        """Tables, texts, static files, demo; returns the demo's sign-ins, or what keeps the office closed."""
        log = self.home.logs / "prepare.log"
        done = subprocess.run(
            [sys.executable, str(MANAGE), "prepare"],
            env=self.environ,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd=BASE,
            check=False,
        )
        log.write_text(done.stderr)
        if done.returncode == OF_ANOTHER_VERSION:
            raise Trouble(done.stderr.rpartition("CommandError: ")[2].strip() + self._start_anew())
        if done.returncode:
            reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
            raise Trouble(f"Preparing failed: {reason.removeprefix('massline: ')} (see {log})")
        return done.stdout.strip()

    def _start_anew(self) -> str:
        """What to do with a made-up city of another version, when it is nobody's database but ours."""
        if not self.demo or self.postgres is None:
            return ""
        kept = next(
            name for n in range(1, 100) if not (name := Path(f"{self.home.path}.old{n if n > 1 else ''}")).exists()
        )
        return (
            "\n这里只有演示数据，可以移开后重新开始。 / It holds made-up data only: move it away and start anew.\n"
            f"    mv {shlex.quote(str(self.home.path))} {shlex.quote(str(kept))}"
        )

    def _programs(self) -> list[Child]:
        celery = [sys.executable, "-m", "celery", "--app", "massline.celery:app"]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
        address = ["--host", self.host, "--port", str(self.port), "--no-ws", "--workers-kill-timeout", "5"]
        respawn = ["--respawn-failed-workers", "--log-level", "warning"]
        commands = {
            "web": [*granian, *address, *respawn, "massline.wsgi:application"],
            "worker": [
                *celery,
                "worker",
                "--concurrency",
                "2",
                "--loglevel",
                "WARNING",
                "--without-gossip",
                "--without-mingle",
            ],
            "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
        }
        commands["worker"] += ["--heartbeat-interval", "20"]
        return [
            Child(name, command, log=self.home.logs / f"{name}.log", environ=self.environ, cwd=BASE)
            for name, command in commands.items()
        ]

    def _start_child(self, child: Child) -> None:
        child.start()
        if child not in self.children:
            self.children.append(child)
        self._remember()

    def _remember(self) -> None:
        servers = [server.child for server in (self.postgres, self.valkey) if server and server.child]
        self.home.remember_children({child.name: child.pid for child in [*servers, *self.children]})

    def _wait_until_it_answers(self, patience: float = 90.0) -> None:
        until = time.monotonic() + patience
        web = self.children[0]
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310
                    return
            except urllib.error.HTTPError as error:
                raise Trouble(f"The web server answers {error.code} to /healthz (see {web.log}).") from None
            except OSError:
                pass
            if not web.running():
                raise Trouble(f"The web server stopped at once: {last_lines(web.log, 1)} (see {web.log})")
            if time.monotonic() > until:
                raise Trouble(f"The web server does not answer at {self.url} (see {web.log}).")
            time.sleep(0.05)

    # --- watch and stop -----------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Starts a program anew when it ended by itself; gives up, plainly, when that does not help."""
        while True:
            time.sleep(0.5)
            for server in (self.postgres, self.valkey):
                if server is not None and server.child is not None and not server.child.running():
                    self._count(server.child)
                    server.start()
                    self._remember()
            for child in self.children:
                if not child.running():
                    self._count(child)
                    child.stop()  # also what it left behind
                    self._start_child(child)

    def _count(self, child: Child) -> None:
        count = self.restarts[child.name] = self.restarts.get(child.name, 0) + 1
        if count > RESTARTS:
            raise Trouble(f"{child.name} ended {count} times: {last_lines(child.log, 1)} (see {child.log})")
        print(
            f"massline: {child.name} ended by itself and is started anew (see {child.log})", file=sys.stderr, flush=True
        )

    def stop(self) -> None:
        """First who takes in work, then who does it, then where it is kept."""
        self.lock.say(Lock.STOPPING)
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop()
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()
        self.lock.release()


def _reach(name: str, url: str) -> Address:
    found = database_from_url(name, url)
    address = Address(found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"])
    try:
        with cursor_at(url):
            return address
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise Trouble(f"{name} names a database that does not let us in: {reason}") from None


def port_must_be_free(host: str, port: int, patience: float = 3.0) -> None:
    until = time.monotonic() + patience
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise Trouble(f"HOST {host} is not an address of this machine.") from None
    while True:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                return
            except PermissionError:
                raise Trouble(f"Port {port} may not be used by this account; set PORT to one above 1023.") from None
            except OSError as error:
                if error.errno == 99:
                    raise Trouble(f"HOST {host} is not an address of this machine.") from None
        if time.monotonic() > until:
            raise Trouble(f"Port {port} is in use by another program; stop that, or set PORT to another number.")
        time.sleep(0.2)
