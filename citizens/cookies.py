"""What a citizen's browser keeps for a while, sealed: the receipt, what was filed last, what is being followed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from massline import crypto
from massline.cookies import cookie, delete_cookie, set_cookie


@dataclass(frozen=True)
class SealedCookie:
    """A cookie whose content only this site can read or make."""

    name: str
    lifetime: timedelta

    def set(self, response: HttpResponse, content: Any) -> None:
        set_cookie(response, self.name, crypto.seal_token(self.name, content), self._seconds)

    def read(self, request: HttpRequest) -> Any:
        """What it holds; raises Unreadable when there is none, or it is too old."""
        return crypto.open_token(self.name, cookie(request, self.name), self._seconds)

    def delete(self, response: HttpResponse) -> None:
        delete_cookie(response, self.name)

    @property
    def _seconds(self) -> int:
        return int(self.lifetime.total_seconds())


RECEIPT = SealedCookie("receipt", timedelta(days=1))
FILED = SealedCookie("filed", timedelta(hours=1))
TRACKING = SealedCookie("tracking", timedelta(minutes=30))


def kept_receipt(request: HttpRequest) -> dict[str, Any] | None:
    """The receipt that is still open in this browser."""
    try:
        return dict(RECEIPT.read(request))
    except crypto.Unreadable:
        return None


def tracked_filing(request: HttpRequest) -> int | None:
    """The filing whose code was shown in this browser in the last half hour."""
    try:
        return int(TRACKING.read(request))
    except crypto.Unreadable:
        return None
