"""The virus scanner: clamd, when MASSLINE_CLAMD names it (a socket's path, or host:port)."""

import socket
import struct
from contextlib import closing

from django.conf import settings

from petitions.attachments.models import Scan

PIECE = 64 * 1024
PATIENCE = 30


def scan(content: bytes) -> Scan:
    """What the scanner says; `waiting` when it does not answer, `none` when there is no scanner."""
    if not settings.CLAMD:
        return Scan.NONE
    try:
        answer = _ask(content)
    except OSError:
        return Scan.WAITING
    if answer.endswith(b"FOUND"):
        return Scan.INFECTED
    return Scan.CLEAN if answer.endswith(b"OK") else Scan.WAITING


def _ask(content: bytes) -> bytes:
    """clamd's INSTREAM: pieces with their length before them, an empty one at the end."""
    with closing(_connected()) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            scanner.sendall(struct.pack("!I", len(piece)) + piece)
        scanner.sendall(struct.pack("!I", 0))
        answer = b""
        while part := scanner.recv(4096):
            answer += part
        return answer.strip(b"\0\n ")


def _connected() -> socket.socket:
    if settings.CLAMD.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(PATIENCE)
        scanner.connect(settings.CLAMD)
        return scanner
    host, _, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)
