"""Where whole pages are kept: in this process (and in Redis too where there is one, see `redis_caching`).

A page carries the state of the market that it shows (see `discovery.keeper`), so an old one is never taken for a
new one; these memories only bound how much is kept and for how long.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_caching.backends.base import BaseCache

from marketplace.kernel.places import templates_folder

MOST_BYTES = 6 * 1024 * 1024  # a web worker may hold 90 MB in all; 6 hold some four hundred compressed pages


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it went out, but for its request id; ``state`` is empty where the market's state is not known.

    ``mark`` names what the page shows, where that is known: the same mark is the same body in another state, too.
    ``shows`` says in its door's own words which changes touch it, and ``read_at`` when its rows were read (Unix time).
    """

    state: str
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    route: str
    mark: bytes = b""
    shows: str = ""
    read_at: str = ""


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
