"""Figures are computed beside the request: a page reads the last ones from the cache and says as of when they are.

So a page costs the same at a thousand records as at a hundred thousand, and the figures of everybody still come from
the one definition of what exists for them: each person's are computed apart. What is older than `FRESH` is shown and
computed anew meanwhile. Figures that are lost with the cache are computed again when somebody looks.
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

FRESH = timedelta(seconds=60)
KEPT = 3600
SHAPE = 3
"""What kept figures look like: another number, and those of an earlier release are computed anew."""
ASKED_AGAIN_AFTER = 60
"""Seconds after which a user who still waits may wake the worker again."""


def latest(kind: str, what: str, user: User, period: Period) -> dict[str, Any] | None:
    """The last figures of this person, perhaps a little old; None when they are being computed for the first time."""
    key = _key(kind, what, user, period)
    found: dict[str, Any] | None = cache.get(key)
    if found is None or datetime.fromisoformat(found["as_of"]) < timezone.now() - FRESH:
        _ask(key, kind, what, user, period)
    return found


def compute(kind: str, what: str, user: User, period: Period) -> dict[str, Any]:
    """Computes and keeps them: what the worker does."""
    found = _computed(kind, what, user, period)
    key = _key(kind, what, user, period)
    cache.set(key, found, KEPT)
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
    """Another post is another view: what a user saw in the last one is not shown in the next."""
    stands = hashlib.sha256(repr((str(user.kind), _plain(user))).encode()).hexdigest()[:32]
    return f"figures:{SHAPE}:{kind}:{what}:{user.pk}:{stands}:{period.first}:{period.last}"


def _plain(user: User) -> str:
    return position_of(user).digest if user.is_active else ""


def _ask(key: str, kind: str, what: str, user: User, period: Period) -> None:
    if not cache.add(f"{key}:asked", 1, ASKED_AGAIN_AFTER):
        return
    if not wake("reports.compute", kind, what, user.pk, period.first.isoformat(), period.last.isoformat()):
        cache.delete(f"{key}:asked")  # the next look asks again
