"""Figures are reckoned beside the request: a page reads the last ones from the cache and says as of when they are.

So a page costs the same at a thousand petitions as at a hundred thousand, and the figures of everybody still come from
the one definition of what exists for them: each person's are reckoned apart. What is older than `FRESH` is shown and
reckoned anew meanwhile. Figures that are lost with the cache are reckoned again when somebody looks.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from massline.wake import wake
from petitions import figures
from reports import bulletin_figures
from responsibility.people import standing

FRESH = timedelta(seconds=60)
KEPT = 3600
SHAPE = 2
"""What kept figures look like: another number, and those of an earlier release are reckoned anew."""
ASKED_AGAIN_AFTER = 60
"""Seconds after which somebody who still waits may wake the worker again."""
KINDS: dict[str, Callable[[User, figures.Period, datetime], dict[str, Any]]] = {
    "overview": figures.overview,
    "bulletin": bulletin_figures.week,
}


def latest(kind: str, user: User, period: figures.Period) -> dict[str, Any] | None:
    """The last figures of this person, perhaps a little old; None when they are being reckoned for the first time."""
    key = _key(kind, user, period)
    found: dict[str, Any] | None = cache.get(key)
    if found is None or datetime.fromisoformat(found["as_of"]) < timezone.now() - FRESH:
        _ask(key, kind, user, period)
    return found


def reckon(kind: str, user: User, period: figures.Period) -> dict[str, Any]:
    """Reckons and keeps them: what the worker does."""
    found = KINDS[kind](user, period, timezone.now())
    key = _key(kind, user, period)
    cache.set(key, found, KEPT)
    cache.delete(f"{key}:asked")
    return found


def _key(kind: str, user: User, period: figures.Period) -> str:
    """Another post is another view: what somebody saw in the last one is not shown in the next."""
    stands = hashlib.sha256(repr((str(user.kind), _plain(user))).encode()).hexdigest()[:32]
    return f"figures:{SHAPE}:{kind}:{user.pk}:{stands}:{period.first}:{period.last}"


def _plain(user: User) -> str:
    return standing(user).digest if user.is_active else ""


def _ask(key: str, kind: str, user: User, period: figures.Period) -> None:
    if not cache.add(f"{key}:asked", 1, ASKED_AGAIN_AFTER):
        return
    if not wake("reports.reckon", kind, user.pk, period.first.isoformat(), period.last.isoformat()):
        cache.delete(f"{key}:asked")  # the next look asks again
