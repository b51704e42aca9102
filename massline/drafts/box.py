"""The drafts of one browser: the cookie that opens them, and the rows that it opens."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from massline import crypto
from massline.cookies import cookie, delete_cookie, set_cookie
from massline.drafts.content import Content
from massline.drafts.models import Draft

COOKIE = "drafts"
LIFETIME = timedelta(hours=24)
MAX_DRAFTS = 20
"""For each browser; the oldest goes."""
COOKIE_VALUE = re.compile(r"([\w-]{43})(\.used)?", re.ASCII)
"""The key; and whether anything was ever kept under it, so that no page asks for drafts of who never typed."""
PURPOSE = "draft"


@dataclass(frozen=True)
class OpenForm:
    """A form as one browser was given it; sealed into the form's field `draft`."""

    address: str
    """The address that it is sent to."""
    page: str
    """The page that it stands on, with its place on that page."""
    owner: str
    browser: str
    labels: dict[str, str]

    @classmethod
    def read(cls, token: str) -> "OpenForm | None":
        """Returns the form of a token of the last day; None for any other text."""
        try:
            return cls(*crypto.open_token(PURPOSE, token, LIFETIME.total_seconds()))
        except (crypto.Unreadable, TypeError):
            return None

    def token(self) -> str:
        return crypto.seal_token(PURPOSE, [self.address, self.page, self.owner, self.browser, self.labels])

    @property
    def of_official(self) -> bool:
        return self.owner.startswith("user:")


class DraftBox:
    """The drafts of the browser that sent a request, and of the person who uses it now."""

    def __init__(self, request: HttpRequest) -> None:
        sent = COOKIE_VALUE.fullmatch(cookie(request, COOKIE))
        self._key, self._used = (sent[1], bool(sent[2])) if sent else ("", False)
        self._changed = False
        self.owner = owner_of(request)
        self.settled = False
        """Whether what was sent with this request needs no care any more: it is kept, or stands on the answer."""
        self.offered = False
        """Whether the page has a draft on it."""

    # --- The cookie -----------------------------------------------------------------------------------------------
    def finish(self) -> None:
        """Deletes every draft of this browser, and its key."""
        if self._key:
            with transaction.atomic():
                Draft.objects.filter(browser=self._browser).delete()
        self._key, self._used, self._changed = "", False, True

    def give_cookie(self, response: HttpResponse) -> None:
        if self._changed and self._key:
            set_cookie(response, COOKIE, self._key + ".used" * self._used, None)
        elif self._changed:
            delete_cookie(response, COOKIE)

    @property
    def _browser(self) -> bytes:
        return crypto.keyed_hash("drafts", self._key)

    def holds(self, form: OpenForm) -> bool:
        """Tells whether the form was given to this browser, under the key that it has now."""
        return bool(self._key) and form.browser == self._browser.hex()

    def open_form(self, address: str, page: str, labels: dict[str, str]) -> OpenForm:
        """Returns a form that is given to this browser; makes its key, where it has none."""
        if not self._key:
            self._key, self._changed = secrets.token_urlsafe(32), True
        return OpenForm(address, page, self.owner, self._browser.hex(), labels)

    # --- The drafts -----------------------------------------------------------------------------------------------
    def find(self, address: str) -> Content | None:
        """Returns the draft of the form at this address. One statement reads all of this browser and person."""
        row = self._rows.get(address)
        if row is None:
            return None
        try:
            plain = crypto.unseal(bytes(row.sealed), self._sealing_key, _context(address, self.owner))
        except crypto.Unreadable:
            return None
        self.offered = True
        return Content.load(plain, row.saved_at)

    @cached_property
    def _rows(self) -> dict[str, Draft]:
        if not self._used:
            return {}
        since = timezone.now() - LIFETIME
        found = Draft.objects.filter(browser=self._browser, owner=self.owner, saved_at__gt=since)
        return {row.address: row for row in found}

    def keep(self, form: OpenForm, content: Content) -> bool:
        """Keeps what was typed, in the place of what was kept of the same form before; returns whether it could."""
        plain = content.dump()
        if plain is None or not self.holds(form):
            return False
        sealed = crypto.seal(plain, self._sealing_key, _context(form.address, form.owner))
        row = Draft(
            browser=self._browser, address=form.address, owner=form.owner, sealed=sealed, saved_at=timezone.now()
        )
        with transaction.atomic():
            Draft.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["browser", "address", "owner"],
                update_fields=["sealed", "saved_at"],
            )
            mine = Draft.objects.filter(browser=self._browser)
            mine.filter(pk__in=mine.order_by("-saved_at", "-pk").values("pk")[MAX_DRAFTS:]).delete()
        self._changed, self._used = self._changed or not self._used, True
        return True

    def drop(self, form: OpenForm) -> None:
        self._rows.pop(form.address, None)
        if self.holds(form):
            with transaction.atomic():
                Draft.objects.filter(browser=self._browser, address=form.address, owner=form.owner).delete()

    @property
    def _sealing_key(self) -> bytes:
        return crypto.derive(self._key.encode(), PURPOSE)


def _context(address: str, owner: str) -> str:
    return f"{owner} {address}"


def owner_of(request: HttpRequest) -> str:
    """Returns who uses the pages for officials; elsewhere nobody has signed in, and a page may say whose it is."""
    user: Any = getattr(request, "user", None)
    inside = user is not None and request.path.startswith("/desk/") and user.is_authenticated
    return f"user:{user.pk}" if inside else ""


def box_of(request: HttpRequest) -> DraftBox:
    """Returns the drafts of the browser that sent this request."""
    kept: Any = request
    if not hasattr(kept, "draft_box"):
        kept.draft_box = DraftBox(request)
    box: DraftBox = kept.draft_box
    return box


def delete_expired() -> None:
    """Deletes drafts that are older than a day; runs in the caller's transaction."""
    Draft.objects.filter(saved_at__lte=timezone.now() - LIFETIME).delete()
