"""Scans for viruses as MASSLINE_SCANNER chooses: by clamd at the address MASSLINE_CLAMD, or not at all."""

import io
import socket
import struct
from contextlib import closing
from enum import StrEnum
from typing import IO

from django.conf import settings

PIECE = 64 * 1024
SCAN_TIMEOUT = 30
"""Seconds that a worker gives it."""
CLAMD, NONE = "clamd", "none"


class Verdict(StrEnum):
    CLEAN = "clean"
    NONE = "none"
    WAITING = "waiting"
    INFECTED = "infected"


def is_configured() -> bool:
    """Tells whether scanning was decided on. Until then no file is accepted."""
    return bool(settings.SCANNER)


def scan(content: bytes | IO[bytes], patience: float = SCAN_TIMEOUT) -> Verdict:
    """Returns the scanner's verdict; `waiting` when it does not answer, `none` when there is to be none."""
    if settings.SCANNER != CLAMD:
        return Verdict.NONE
    try:
        answer = _ask(io.BytesIO(content) if isinstance(content, bytes) else content, patience)
    except OSError:
        return Verdict.WAITING
    if answer.endswith(b"FOUND"):
        return Verdict.INFECTED
    return Verdict.CLEAN if answer.endswith(b"OK") else Verdict.WAITING


def _ask(content: IO[bytes], patience: float) -> bytes:
    """clamd's INSTREAM: pieces with their length before them, an empty one at the end."""
    with closing(_connected(patience)) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while piece := content.read(PIECE):
            scanner.sendall(struct.pack("!I", len(piece)) + piece)
        scanner.sendall(struct.pack("!I", 0))
        answer = b""
        while part := scanner.recv(4096):
            answer += part
        return answer.strip(b"\0\n ")


def _connected(patience: float) -> socket.socket:
    if settings.CLAMD.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(patience)
        scanner.connect(settings.CLAMD)
        return scanner
    host, _, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=patience)
