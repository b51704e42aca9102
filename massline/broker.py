"""Asking the broker something at once, or not at all: a client that does not try again and again."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def ask_once(url: str, seconds: float = 2) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )
