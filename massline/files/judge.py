"""The judging process: one file comes in, one answer goes out, and then it ends.

It gives itself its limits before it reads a byte of the file. Its answer is a line of JSON, {"kind": …} with the
content after it, or {"refused": …}.
"""

import ctypes
import json
import os
import resource
import signal
import sys

from massline.files.reasons import NotAccepted, Reason

PR_SET_PDEATHSIG = 1
HEAVY_EXIT = 77
"""Said when the memory does not suffice: with more of it the answer may be another."""


def main(task: str, parent: int, memory: int, seconds: int, output: int) -> int:
    _confine(parent, memory, seconds, output, threads=task == "heic")
    try:
        return {"file": _file, "heic": _file, "book": _book}[task]()
    except NotAccepted as refused:
        return _say({"refused": refused.reason.value})
    except MemoryError:
        return HEAVY_EXIT
    except ImportError:  # it is we who are broken
        raise
    except Exception:  # whatever a decoder does with arbitrary input, it is a file that cannot be taken
        return _say({"refused": Reason.BROKEN.value})


def _confine(parent: int, memory: int, seconds: int, output: int, *, threads: bool) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
    os.umask(0o077)
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: output,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_CORE: 0,
    }
    if not threads:
        limits[resource.RLIMIT_NPROC] = 0
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _file() -> int:
    from massline.files.kinds import sanitize

    kind, content = sanitize(sys.stdin.buffer.read())
    return _say({"kind": kind}, content)


def _book() -> int:
    from massline.files.sheet import written

    written(sys.stdin.buffer, sys.stdout.buffer)
    return 0


def _say(answer: dict[str, str], content: bytes = b"") -> int:
    out = sys.stdout.buffer
    out.seek(0)  # it is a file, and half of another answer may stand in it
    out.truncate()
    out.write(json.dumps(answer).encode() + b"\n" + content)
    out.flush()
    return 0
