"""Child processes that never outlive us, not even when we are killed with -9."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024
"""Bytes of a log that is put aside at the next start."""
# Loaded here, because after a fork is too late.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(with_signal: int = signal.SIGTERM) -> None:
    """The kernel sends us this signal when our parent is gone. Runs in the child, after it changed its user."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)


def _before_exec(parent: int, with_signal: int) -> Callable[[], None]:
    def run() -> None:
        os.umask(0o077)
        die_with_parent(with_signal)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return run


@dataclass(frozen=True)
class Account:
    """An unprivileged account to run as."""

    uid: int
    gid: int


@dataclass
class Child:
    """A program that we run in a session of its own, so that Ctrl-C reaches only us and we stop it in order."""

    name: str
    command: Sequence[str]
    log: Path
    environ: Mapping[str, str] | None = None
    account: Account | None = None
    cwd: Path | None = None
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0
    popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                env=None if self.environ is None else dict(self.environ),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                preexec_fn=_before_exec(os.getpid(), self.stop_signal),
            )

    @property
    def pid(self) -> int:
        return self.popen.pid if self.popen else 0

    def running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def ask_to_stop(self) -> None:
        if self.running():
            assert self.popen is not None
            self.popen.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Asks, waits, and then does not ask again; its own children go with it."""
        if self.popen is None:
            return
        self.ask_to_stop()
        try:
            self.popen.wait(self.patience)
        except subprocess.TimeoutExpired:
            pass
        kill_session(self.pid)
        self.popen.wait()


def kill_session(sid: int) -> None:
    """Kills whatever is left of a session that we started."""
    for pid in members(sid):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def members(sid: int) -> list[int]:
    return [pid for pid, session, _ in _processes() if session == sid]


def born(pid: int) -> int | None:
    """When a process began, in ticks since the machine did: with its pid this names it for ever."""
    return next((began for other, _, began in _processes([pid]) if other == pid), None)


def _processes(pids: Sequence[int] | None = None) -> Iterator[tuple[int, int, int]]:
    """(pid, session, began) of every process that is not a zombie, or of these. Nothing where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return
    for pid in pids if pids is not None else [int(name) for name in os.listdir("/proc") if name.isdigit()]:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        fields = stat.rpartition(")")[2].split()  # the name before may hold anything
        if fields[0] not in "ZX":
            yield pid, int(fields[3]), int(fields[19])


def end_leftovers(children: Sequence[Mapping[str, int]], patience: float = 8.0) -> None:
    """Ends what a killed launcher left running, given the pid and birth of each of its children."""
    sessions = []
    for child in children:
        now = born(child["pid"])
        if now is not None and now != child["born"]:
            continue  # somebody else's process by now
        sessions.append(child["pid"])
    for sid in sessions:
        for pid in members(sid):
            try:
                os.kill(pid, signal.SIGTERM)
            except OSError:
                pass
    until = time.monotonic() + patience
    while time.monotonic() < until and any(members(sid) for sid in sessions):
        time.sleep(0.05)
    for sid in sessions:
        kill_session(sid)


def last_lines(path: Path, count: int = 3) -> str:
    """Returns the end of a log, for a sentence about what went wrong."""
    try:
        lines = path.read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return " / ".join(lines[-count:])
