"""A client of the broker that asks once, without retries."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def ask_once(url: str, seconds: float = 2) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )
