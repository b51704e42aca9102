"""A mail server of our own for tests: takes, refuses, puts off and dies as it is told, and keeps what it took."""

import asyncio
import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as Mail
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


class Post:
    """What the server does with each recipient: an SMTP answer, or what it is told to do before it answers."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.after_data: str = ""
        self.mails: list[Mail] = []
        self.hold: threading.Event | None = None
        self.hold_at = 1
        """Which mail, counted from one, the server keeps in its hands while `hold` is not set."""
        self.arrived = threading.Event()
        self.slow = 0.0
        """Seconds that it takes over each mail."""
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append(mail)
        await asyncio.sleep(self.slow)
        if (hold := self.hold) is not None and len(self.mails) == self.hold_at:
            self.arrived.set()
            while not hold.is_set():
                await asyncio.sleep(0.05)
        if self.after_data == "die":
            server.transport.abort()
            return "421 gone"
        return self.after_data or "250 OK"

    def to(self) -> list[str]:
        return [str(mail["To"]) for mail in self.mails]


@contextmanager
def post_office() -> Iterator[Post]:
    """A running server, with the settings that point at it."""
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=post.port,
            EMAIL_USE_TLS=False,
            EMAIL_USE_SSL=False,
            DEFAULT_FROM_EMAIL="massline@office.example",
            SITE="https://massline.example",
        ):
            yield post
    finally:
        controller.stop()
