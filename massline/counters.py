"""Counts how often something happened: in Valkey, and in PostgreSQL while Valkey is away.

Keys are kept as keyed hashes only. What must never be forgotten (a used proof of work) stands in PostgreSQL alone.
"""

import logging
from datetime import timedelta
from typing import Protocol

from django.core.cache import caches
from django.db import connection, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from massline import crypto
from massline.models import Count

logger = logging.getLogger(__name__)

_ADD = """
INSERT INTO massline_count AS kept (key, n, until) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET n = CASE WHEN kept.until > %s THEN kept.n + 1 ELSE 1 END,
    until = CASE WHEN kept.until > %s THEN kept.until ELSE excluded.until END
RETURNING n
"""


class Counter(Protocol):
    def add(self, key: str, seconds: int) -> int:
        """Counts one more and returns how many there are; it begins anew `seconds` after the first."""


class ValkeyCounter:
    """Raises RedisError while Valkey is away."""

    def add(self, key: str, seconds: int) -> int:
        cache, name = caches["counters"], _hashed(key).hex()
        cache.add(name, 0, seconds)
        try:
            return cache.incr(name)
        except ValueError:  # it ran out between the two
            cache.set(name, 1, seconds)
            return 1


class DatabaseCounter:
    """One row a key. It joins the caller's transaction, where there is one."""

    def add(self, key: str, seconds: int) -> int:
        now = timezone.now()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ADD, [_hashed(key), now + timedelta(seconds=seconds), now, now])
            return int(cursor.fetchone()[0])


class SafeCounter:
    """Valkey's, and PostgreSQL's when that does not answer: a limit never goes with the broker."""

    def __init__(self, first: Counter, second: Counter) -> None:
        self.first, self.second = first, second

    def add(self, key: str, seconds: int) -> int:
        try:
            return self.first.add(key, seconds)
        except RedisError as error:
            logger.warning("counting in PostgreSQL: %s", type(error).__name__)
            return self.second.add(key, seconds)


counter: Counter = SafeCounter(ValkeyCounter(), DatabaseCounter())
durable_counter: Counter = DatabaseCounter()
"""For what must be remembered whatever becomes of Valkey."""


def delete_expired() -> None:
    """Deletes what has run out; runs in the caller's transaction."""
    Count.objects.filter(until__lte=timezone.now()).delete()


def _hashed(key: str) -> bytes:
    return crypto.keyed_hash("count", key)[:16]
