"""The cache in Valkey. It may be away for a while: then nothing is cached, and no request fails."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _or(otherwise: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answers `otherwise` while the broker is away."""

    def forgiving(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except (RedisError, ValueError) as error:
                logger.warning("cache unavailable: %s", type(error).__name__)
                return otherwise

        return call

    return forgiving


class ForgivingCache(RedisCache):
    """A cache that answers as if it were empty while Valkey is away. Limits are counted elsewhere (counters.py)."""

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return _or(default)(super().get)(key, default, version)

    set = _or(None)(RedisCache.set)
    add = _or(True)(RedisCache.add)
    incr = _or(0)(RedisCache.incr)
    touch = _or(False)(RedisCache.touch)
    delete = _or(False)(RedisCache.delete)
