"""Caches the figures of pages: a worker computes them, a page shows the last ones with their time.

So a page costs the same at a thousand records as at a hundred thousand, and the figures of everybody still come from
the one definition of what exists for them: each person's are computed apart. What is older than `MAX_AGE` is shown and
computed anew meanwhile. Figures that are lost with the cache are computed again at the next look.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from massline.wake import wake
from records.figures.overview import overview
from records.figures.periods import Period
from records.kinds import record_type
from responsibility.people import position_of

MAX_AGE = timedelta(seconds=60)
CACHE_SECONDS = 3600
CACHE_VERSION = 3
"""The version of their shape: figures that an earlier release cached are computed anew."""
RETRY_AFTER = 60
"""Seconds after which a user who still waits may wake the worker again."""


def latest(kind: str, what: str, user: User, period: Period) -> dict[str, Any] | None:
    """Returns the last figures of this person, perhaps a little old; None while they are computed for the first
    time."""
    key = _key(kind, what, user, period)
    found: dict[str, Any] | None = cache.get(key)
    if found is None or datetime.fromisoformat(found["as_of"]) < timezone.now() - MAX_AGE:
        _request(key, kind, what, user, period)
    return found


def compute(kind: str, what: str, user: User, period: Period) -> dict[str, Any]:
    """Computes and caches figures, in the worker."""
    found = _computed(kind, what, user, period)
    key = _key(kind, what, user, period)
    cache.set(key, found, CACHE_SECONDS)
    cache.delete(f"{key}:asked")
    return found


def _computed(kind: str, what: str, user: User, period: Period) -> dict[str, Any]:
    declared, now = record_type(kind), timezone.now()
    if what == "bulletin":
        assert declared.bulletin
        return declared.bulletin.week(user, period, now)
    assert declared.figures
    return overview(declared.figures, user, period, now)


def _key(kind: str, what: str, user: User, period: Period) -> str:
    """Returns the cache's key. Another position has another key: what a user saw in one is not shown in the next."""
    position = hashlib.sha256(repr((str(user.kind), _position_digest(user))).encode()).hexdigest()[:32]
    return f"figures:{CACHE_VERSION}:{kind}:{what}:{user.pk}:{position}:{period.first}:{period.last}"


def _position_digest(user: User) -> str:
    return position_of(user).digest if user.is_active else ""


def _request(key: str, kind: str, what: str, user: User, period: Period) -> None:
    if not cache.add(f"{key}:asked", 1, RETRY_AFTER):
        return
    if not wake("reports.compute", kind, what, user.pk, period.first.isoformat(), period.last.isoformat()):
        cache.delete(f"{key}:asked")  # the next look asks again
