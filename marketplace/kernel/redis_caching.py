"""Whole pages in Redis behind a memory of the process. Redis may be missing: a page is made anew.

Only imported where ``REDIS_URL`` is set: the client is not part of the base installation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_caching.backends.rediscache import RedisCache
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from marketplace.kernel.caching import KeptPage, PageMemory
from marketplace.kernel.page_format import PageFormat

REST_SECONDS = 5.0
TIMEOUT_SECONDS = 0.25
NEAR_SECONDS = 5.0


def patience() -> dict[str, Any]:
    """What a client is told of how long to wait: whoever asks can do without, so it asks once."""
    once = Retry(NoBackoff(), 0)  # by itself it would ask four times, and rest in between
    return {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS, "retry": once}


class OptionalRedisCache(RedisCache):
    """Redis while it answers, behind a memory of the process; after a failure it is left alone for five seconds."""

    # never the library's own, which would run what somebody put into the Redis
    serializer = PageFormat()  # type: ignore[assignment]  # it has the two methods that are used
    _resting_until = 0.0
    near: PageMemory

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> OptionalRedisCache:
        kwargs |= {"host": Redis.from_url(config["CACHE_REDIS_URL"], **patience()), "key_prefix": "souq:"}
        kwargs["default_timeout"] = config["CACHE_DEFAULT_TIMEOUT"]
        made = cls(*args, **kwargs)
        made.near = PageMemory(config["CACHE_DEFAULT_TIMEOUT"])
        return made

    def get(self, key: str) -> Any:
        found = self.near.get(key)
        if found is None:
            found = self._tried(lambda: super(OptionalRedisCache, self).get(key), None)
            self._remember(key, found)
        return found

    def set(self, key: str, value: Any, timeout: Any = None) -> Any:
        self._remember(key, value)
        return self._tried(lambda: super(OptionalRedisCache, self).set(key, value, timeout), False)

    def delete(self, key: str) -> Any:
        self.near.delete(key)
        return self._tried(lambda: super(OptionalRedisCache, self).delete(key), False)

    def clear(self) -> Any:
        self.near.clear()
        return self._tried(lambda: super(OptionalRedisCache, self).clear(), False)

    def _remember(self, key: str, value: Any) -> None:
        """Keep at hand what says itself whether it is still right."""
        if isinstance(value, KeptPage) and value.state:
            self.near.set(key, value, NEAR_SECONDS)

    def _tried(self, act: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            return act()
        except RedisError:
            self._resting_until = time.monotonic() + REST_SECONDS
            return otherwise
