"""Judges a file in a process of its own: without our environment, with limits, and ended when it takes too long."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic
from typing import IO, Any

from massline.files.kinds import is_heic
from massline.files.reasons import NotAccepted, Reason

BASE = str(Path(__file__).resolve().parents[2])
# Isolated, so that no PYTHON… variable, user's folder or working directory decides what is loaded.
PROGRAM = "import sys; sys.path.append(sys.argv[1]); from massline.files.judge import main; " + (
    "sys.exit(main(sys.argv[2], *map(int, sys.argv[3:])))"
)
HEAVY_EXIT = 77
NOT_JUDGED_EXIT = 1
"""How Python ends when the judge itself does not load: that says nothing about the file."""
OUT_OF_BOUNDS = {HEAVY_EXIT, -signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGABRT}
"""How a process ends that came to one of its limits; C++ aborts when it gets no memory."""
MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The limits of one judging process."""

    wall: float
    """Seconds by the clock, after which it is ended."""
    cpu: int
    memory: int
    output: int = 256 * MB


QUICK = Limits(wall=6, cpu=4, memory=768 * MB)
"""While the sender waits for the page."""
PATIENT = Limits(wall=90, cpu=60, memory=2048 * MB)
"""In a worker."""
SHEET = Limits(wall=60, cpu=60, memory=1024 * MB, output=1024 * MB)
"""A ledger as a whole."""
AT_ONCE = 2
FREE_WITHIN = 2.0
"""Seconds to wait for a free place, after which the file counts as one that takes longer."""
_places = BoundedSemaphore(AT_ONCE)


class TakesTooLong(Exception):
    """The file was not judged within the limits; with larger ones it may be."""


class Busy(TakesTooLong):
    """The file was not judged at all, and the message says why: no place free, or no process that could start."""


@dataclass(frozen=True)
class Judged:
    """A sanitized file."""

    kind: str
    content: bytes


def judge(content: bytes, limits: Limits = QUICK) -> Judged:
    """Returns the sanitized file; raises NotAccepted, or TakesTooLong."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        run("heic" if is_heic(content) else "file", given, answer, limits)  # its decoder needs a thread
        said = _read(answer)
        return Judged(said["kind"], answer.read())


def convert(book: IO[bytes], rows: IO[bytes], limits: Limits = SHEET) -> None:
    """A spreadsheet as plain rows, from one open file to another; raises NotAccepted, or TakesTooLong."""
    run("book", book, rows, limits)
    if rows.read(1) == b"{":
        rows.seek(0)
        _read(rows)
    rows.seek(0)


def run(task: str, given: IO[bytes], answer: IO[bytes], limits: Limits) -> None:
    """Runs one judging process from an open file to another; raises NotAccepted, or TakesTooLong."""
    with _place():
        code = _run(task, given, answer, limits)
    answer.seek(0)
    if code in OUT_OF_BOUNDS:
        raise TakesTooLong
    if code == NOT_JUDGED_EXIT:
        raise Busy("the judging process did not load")
    if code != 0:
        raise NotAccepted(Reason.BROKEN)


def _read(answer: IO[bytes]) -> dict[str, Any]:
    said = json.loads(answer.readline(1000))
    if "refused" in said:
        raise NotAccepted(Reason(said["refused"]))
    return dict(said)


@contextmanager
def _place() -> Iterator[None]:
    """Takes one of this process's few places for judging; raises Busy."""
    if not _places.acquire(timeout=FREE_WITHIN):
        raise Busy("all judging processes are at work")
    try:
        yield
    finally:
        _places.release()


def _run(task: str, given: IO[bytes], answer: IO[bytes], limits: Limits) -> int:
    numbers = map(str, (os.getpid(), limits.memory, limits.cpu, limits.output))
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", PROGRAM, BASE, task, *numbers],
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise Busy(f"no judging process could be started: {error.strerror}") from error
    until = monotonic() + limits.wall
    try:
        return process.wait(until - monotonic())
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
