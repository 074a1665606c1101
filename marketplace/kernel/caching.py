"""A cache in Redis that may be missing: without it a page is made anew, and nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_caching.backends.rediscache import RedisCache
from redis.exceptions import RedisError

REST_SECONDS = 5.0
TIMEOUT_SECONDS = 0.25


class OptionalRedisCache(RedisCache):
    """Redis while it answers; after a failure it is left alone for five seconds."""

    _resting_until = 0.0

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> OptionalRedisCache:
        from redis import Redis

        patience = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        kwargs |= {"host": Redis.from_url(config["CACHE_REDIS_URL"], **patience), "key_prefix": "souq:"}
        kwargs["default_timeout"] = config["CACHE_DEFAULT_TIMEOUT"]
        return cls(*args, **kwargs)

    def get(self, key: str) -> Any:
        return self._tried(lambda: super(OptionalRedisCache, self).get(key), None)

    def set(self, key: str, value: Any, timeout: Any = None) -> Any:
        return self._tried(lambda: super(OptionalRedisCache, self).set(key, value, timeout), False)

    def delete(self, key: str) -> Any:
        return self._tried(lambda: super(OptionalRedisCache, self).delete(key), False)

    def clear(self) -> Any:
        return self._tried(lambda: super(OptionalRedisCache, self).clear(), False)

    def _tried(self, act: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            return act()
        except RedisError:
            self._resting_until = time.monotonic() + REST_SECONDS
            return otherwise
