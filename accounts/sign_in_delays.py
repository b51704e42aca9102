"""Delays sign-ins after wrong passwords: a delay that grows, never a door that strangers can shut.

Failures are counted for an account from one address, for an address over all accounts, and for an account over all
addresses. On a device where this account has signed in before (a sealed cookie) only its own failures count, so that
nobody is held up by what others try. Every attempt counts as failed before the password is looked at, so that many at
once are no more than many one after the other. What several people share begins anew each hour, or an office behind one
address would add up the slips of a whole day; one's own is forgotten after an hour without any. Keys are keyed hashes.
"""

import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import SignInCount, User
from massline import crypto
from massline.client_address import client_network
from massline.cookies import cookie, set_cookie

FORGET_AFTER = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
DEVICE = "device"
DEVICE_AGE = int(timedelta(days=180).total_seconds())
MAX_ACCOUNTS = 5
"""Accounts that one device remembers: at a counter several sign in on one machine."""


@dataclass(frozen=True)
class DelayRule:
    """How failures become a delay: some are free, each further one doubles the delay, up to the longest."""

    free_failures: int
    first_delay: timedelta
    max_delay: timedelta

    def delay(self, failures: int) -> timedelta:
        beyond = failures - self.free_failures
        return min(self.first_delay * 2 ** min(beyond - 1, 16), self.max_delay) if beyond > 0 else timedelta()


OWN_RULE = DelayRule(free_failures=4, first_delay=timedelta(seconds=30), max_delay=timedelta(minutes=15))
ADDRESS_RULE = DelayRule(free_failures=14, first_delay=timedelta(seconds=30), max_delay=timedelta(minutes=15))
ACCOUNT_RULE = DelayRule(free_failures=14, first_delay=timedelta(seconds=30), max_delay=timedelta(minutes=1))


@dataclass(frozen=True)
class Attempt:
    """One attempt to sign in. With a `wait` (seconds) its password is not looked at."""

    own_key: bytes
    shared_keys: tuple[bytes, ...] = ()
    wait: int = 0

    def succeeded(self) -> None:
        """Ends this person's delay; the failures of others stay counted."""
        with transaction.atomic():
            SignInCount.objects.filter(key=self.own_key).delete()
            SignInCount.objects.filter(key__in=self.shared_keys).update(
                failures=Greatest(F("failures") - 1, 0), blocked_until=None
            )


def count_attempt(request: HttpRequest, username: str) -> Attempt:
    """Counts an attempt, before its password is looked at, and says whether it has to wait."""
    account = account_named(username)
    device = _device(request, account) if account else None
    rules = _rules(client_network(request), username, device)
    attempt = Attempt(next(iter(rules)), tuple(rules)[1:])
    now = timezone.now()
    with transaction.atomic():
        found = _locked(list(rules), now)
        wait = max(((row.blocked_until or now) - now for row in found), default=timedelta())
        if wait > timedelta():
            if account is not None:
                _note_refused(account, now)
            return Attempt(attempt.own_key, attempt.shared_keys, math.ceil(wait.total_seconds()))
        for row in found:
            _count(row, rules[bytes(row.key)], now)
    return attempt


def account_named(username: str) -> User | None:
    return None if "\0" in username else User.objects.filter(username=username).first()


def _rules(network: str, username: str, device: str | None) -> dict[bytes, DelayRule]:
    """Returns the counts that this attempt adds to, by key, each with its rule; its own first."""
    if device is not None:
        return {_key("device", device): OWN_RULE}
    return {
        _key("pair", network, username): OWN_RULE,
        _key("address", network): ADDRESS_RULE,
        _key("account", username): ACCOUNT_RULE,
    }


def _key(*parts: str) -> bytes:
    return crypto.keyed_hash("sign-in", "\n".join(parts))[:16]


def _locked(keys: list[bytes], now: datetime) -> list[SignInCount]:
    """Locks the counts, always in one order; those that do not exist yet are created."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_signincount (key, failures, since, last_at) SELECT k, 0, %s, %s FROM unnest(%s) AS k "
            "ORDER BY k ON CONFLICT DO NOTHING",
            [now, now, keys],
        )
    return list(SignInCount.objects.select_for_update().filter(key__in=keys).order_by("key"))


def _count(row: SignInCount, rule: DelayRule, now: datetime) -> None:
    if (row.last_at if rule is OWN_RULE else row.since) <= now - FORGET_AFTER:
        row.failures, row.since = 0, now
    row.failures += 1
    row.last_at = now
    delay = rule.delay(row.failures)
    row.blocked_until = now + delay if delay else None
    row.save(update_fields=["failures", "since", "last_at", "blocked_until"])


def _note_refused(account: User, now: datetime) -> None:
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_refusedsignins AS kept (user_id, quarter, n) VALUES (%s, %s, 1) "
            "ON CONFLICT (user_id, quarter) DO UPDATE SET n = kept.n + 1",
            [account.pk, quarter],
        )


# --- Devices that are known ---------------------------------------------------------------------------------------
def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Sets the cookie that says that this account has signed in on this device; no row of ours does."""
    others = [entry for entry in _entries(request) if entry[0] != user.pk]
    known = _device(request, user) or secrets.token_hex(16)
    entries = [[user.pk, known, _fingerprint(user)], *others][:MAX_ACCOUNTS]
    set_cookie(response, DEVICE, crypto.seal_token(DEVICE, entries), DEVICE_AGE)


def _device(request: HttpRequest, user: User) -> str | None:
    for pk, device, fingerprint in _entries(request):
        if pk == user.pk and fingerprint == _fingerprint(user):
            return str(device)
    return None


def _entries(request: HttpRequest) -> list[list[Any]]:
    try:
        return list(crypto.open_token(DEVICE, cookie(request, DEVICE), DEVICE_AGE))
    except crypto.Unreadable:
        return []


def _fingerprint(user: User) -> str:
    """Returns a digest of the password: after it is changed, the device is unknown again."""
    return user.get_session_auth_hash()[:16]
