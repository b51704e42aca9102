"""Sends messages by e-mail (Django's SMTP) and by gateways, whatever apprise speaks (WeCom, DingTalk, SMS).

Addresses of gateways come from the installation's settings alone, never from a page.
"""

import smtplib
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import apprise
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from responsibility.models import Channel

CLOSES_CONNECTION = 421
"""The answer with which a server closes the connection."""


@dataclass(frozen=True)
class Outgoing:
    """A message as it leaves: its address, and a text that names a number and nothing else."""

    address: str
    subject: str
    text: str
    message_id: str
    repeat: bool = False


class PermanentFailure(Exception):
    """The message was refused for good: another attempt would be refused as well."""


class TemporaryFailure(Exception):
    """The message did not leave this time. `maybe` when it may have arrived all the same."""

    def __init__(self, fault: str, maybe: bool = False) -> None:
        super().__init__(fault)
        self.maybe = maybe


class ChannelDown(Exception):
    """The channel itself does not work: no attempt of the message is used up."""


class Transport(Protocol):
    def send(self, message: Outgoing) -> None: ...

    def close(self) -> None: ...


class Email:
    """One SMTP connection for one run."""

    def __init__(self) -> None:
        self._connection: Any = get_connection(fail_silently=False)

    def send(self, message: Outgoing) -> None:
        headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
        if message.repeat:
            headers["X-Possible-Repeat"] = "yes"
        mail = EmailMessage(message.subject, message.text, to=[message.address], headers=headers)
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelDown(type(error).__name__) from error
        try:
            self._connection.send_messages([mail])
        except smtplib.SMTPSenderRefused as error:  # it is us whom the server refuses, for any recipient
            self.close()
            raise ChannelDown(f"SMTP {error.smtp_code}") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:  # broken off: it may have been taken
            self.close()
            raise TemporaryFailure(type(error).__name__, maybe=True) from error

    def _refused(self, code: int) -> Exception:
        if code == CLOSES_CONNECTION:
            self.close()
        return (PermanentFailure if code >= 500 else TemporaryFailure)(f"SMTP {code}")

    def close(self) -> None:
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            self._connection.connection = None


class Gateway:
    """An address of apprise with {to} where the telephone number goes."""

    def send(self, message: Outgoing) -> None:
        gateway = apprise.Apprise()
        if not gateway.add(settings.NOTIFY_URL.replace("{to}", quote(message.address, safe=""))):
            raise ChannelDown("NOTIFY_URL")
        if not gateway.notify(title=message.subject, body=message.text):
            raise TemporaryFailure("gateway", maybe=True)  # it does not say whether it was refused or never answered

    def close(self) -> None:
        """Nothing stays open."""


TRANSPORTS: dict[str, type[Email] | type[Gateway]] = {Channel.EMAIL: Email, Channel.GATEWAY: Gateway}


def is_open(channel: str) -> bool:
    """Tells whether the installation has this channel at all."""
    return bool(settings.EMAIL_HOST if channel == Channel.EMAIL else settings.NOTIFY_URL)


def domain() -> str:
    return urlsplit(settings.SITE).hostname or "localhost"
