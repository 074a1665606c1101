"""Where whole pages are kept: in this process, and in Redis too where there is one.

A page carries the state of the market that it shows (see `discovery.keeper`), so an old one is never taken for a
new one; these memories only bound how much is kept and for how long. Redis may be missing: without it a page is made
anew, and nobody waits for it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_caching.backends.base import BaseCache
from flask_caching.backends.rediscache import RedisCache
from redis.exceptions import RedisError

from marketplace.kernel.places import templates_folder

REST_SECONDS = 5.0
TIMEOUT_SECONDS = 0.25
NEAR_SECONDS = 5.0
MOST_BYTES = 6 * 1024 * 1024  # a web worker may hold 90 MB in all; 6 hold some four hundred compressed pages


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it went out, but for its request id; ``state`` is empty where the market's state is not known."""

    state: str
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    route: str


class PageMemory(BaseCache):
    """Pages of this process, the longest unused leaving first; at most ``MOST_BYTES``."""

    def __init__(self, default_timeout: int = 300, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(default_timeout)
        self._lock = threading.Lock()
        self._most = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> PageMemory:
        return cls(config["CACHE_DEFAULT_TIMEOUT"])

    def get(self, key: str) -> Any:
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            if found[0] > time.monotonic():
                self._pages.move_to_end(key)
                return found[1]
            self._drop(key)
            return None

    def set(self, key: str, value: Any, timeout: Any = None) -> bool:
        size = _size(value)
        with self._lock:
            self._drop(key)
            if size > self._most:
                return False
            self._pages[key] = (time.monotonic() + (self.default_timeout if timeout is None else timeout), value)
            self._bytes += size
            while self._bytes > self._most:
                self._drop(next(iter(self._pages)))
        return True

    def delete(self, key: str) -> bool:
        with self._lock:
            return self._drop(key)

    def clear(self) -> bool:
        with self._lock:
            self._pages.clear()
            self._bytes = 0
        return True

    def _drop(self, key: str) -> bool:
        found = self._pages.pop(key, None)
        if found is None:
            return False
        self._bytes -= _size(found[1])
        return True


class OptionalRedisCache(RedisCache):
    """Redis while it answers, behind a memory of the process; after a failure it is left alone for five seconds."""

    _resting_until = 0.0
    near: PageMemory

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> OptionalRedisCache:
        from redis import Redis

        patience = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        kwargs |= {"host": Redis.from_url(config["CACHE_REDIS_URL"], **patience), "key_prefix": "souq:"}
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


def _size(value: Any) -> int:
    return len(value.body) + 2_000 if isinstance(value, KeptPage) else 2_000


@cache
def release_mark() -> str:
    """A short text that differs between two releases: a page that another one made is not this one's."""
    digest = hashlib.blake2b(digest_size=8)
    for file in _sources():
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    package = Path(__file__).parent.parent
    yield from sorted(each for each in templates_folder().rglob("*") if each.is_file())
    yield from sorted(each for pattern in ("*.py", "*.mo", "*.yaml", "*.css") for each in package.rglob(pattern))
