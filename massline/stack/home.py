"""MASSLINE_HOME: everything that stays between two runs."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from massline.env import OWNER_FILE, STACK_FILE
from massline.stack import Trouble
from massline.stack.process import born


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        home = cls(path.absolute())
        try:
            home.path.mkdir(parents=True, exist_ok=True)
            for folder in (home.run, home.logs, home.secrets):
                folder.mkdir(exist_ok=True)
            # The account that runs PostgreSQL may walk through, and read nothing.
            home.path.chmod(0o711)
            home.run.chmod(0o711)
            for folder in (home.logs, home.secrets):
                folder.chmod(0o700)
        except OSError as error:
            raise Trouble(f"MASSLINE_HOME {path} cannot be written: {error.strerror}.") from None
        return home

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    def secret(self, name: str, length: int = 32) -> str:
        """Returns a random secret, made once and kept in a file that only we read."""
        path = self.secrets / name
        try:
            if value := path.read_text().strip():
                return value
        except FileNotFoundError:
            pass
        value = secrets.token_urlsafe(length)
        write_private(path, value + "\n")
        return value

    def leave(self, variables: Mapping[str, str], owner_url: str) -> None:
        """What commands run by hand beside us need to know; apart from it what only those read that migrate."""
        for name, left in ((STACK_FILE, variables), (OWNER_FILE, {"DATABASE_OWNER_URL": owner_url})):
            lines = [f"{variable}={value}" for variable, value in left.items()]
            write_private(self.path / name, "\n".join(["# Written by `make up`.", *lines, ""]))

    def remember_children(self, pids: Mapping[str, int]) -> None:
        known = [{"name": name, "pid": pid, "born": born(pid)} for name, pid in pids.items() if pid]
        write_private(self.run / "children.json", json.dumps(known))

    def last_children(self) -> list[dict[str, Any]]:
        try:
            return list(json.loads((self.run / "children.json").read_text()))
        except (OSError, ValueError):
            return []


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and 0600 from the first moment."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


class Lock:
    """One launcher a home. The kernel lets go of it whatever happens to us."""

    STOPPING = "stopping"

    def __init__(self, home: Home) -> None:
        self.path = home.path / "lock"
        self._file: IO[str] | None = None

    def take(self, patience: float = 20.0) -> None:
        file = self.path.open("a+")
        self.path.chmod(0o600)
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                file.seek(0)
                said = file.read().strip()
                if said.startswith(self.STOPPING) and time.monotonic() < until:
                    time.sleep(0.1)  # the one before us is on its way out
                    continue
                raise Trouble(f"massline already runs from {self.path.parent} ({said or 'just starting'}).") from None
        self._file = file
        self.say(f"process {os.getpid()}")

    def say(self, words: str) -> None:
        """Notes who holds the lock, for the message to another launcher. Nothing when we do not hold it."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(words)
            self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self.say("")
            self._file.close()
            self._file = None
