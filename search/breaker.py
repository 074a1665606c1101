"""A circuit breaker: after some failures in a row it fails at once for a while, instead of letting everyone wait."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from search.errors import EngineUnavailable


class Breaker:
    """Opens after ``failures`` faults in a row; after ``rest`` seconds one call may try, and closes it if it works.

    While it is open it raises what it saw last.
    """

    def __init__(self, *, failures: int = 3, rest: float = 5.0, clock: Callable[[], float] = monotonic) -> None:
        self._allowed = failures
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until = 0.0
        self._fault = EngineUnavailable("the search engine did not answer a moment ago")

    @property
    def is_closed(self) -> bool:
        """Whether calls go through."""
        return self._failed < self._allowed

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run a call through the breaker; EngineUnavailable counts as a failure, and is raised at once while open."""
        self._enter()
        try:
            yield
        except EngineUnavailable as fault:
            with self._lock:
                self._fault = type(fault)(str(fault))  # without its trace
                self._failed += 1
                self._open_until = self._clock() + self._rest
            raise
        else:
            with self._lock:
                self._failed = 0

    def _enter(self) -> None:
        with self._lock:
            if self._failed < self._allowed:
                return
            now = self._clock()
            if now < self._open_until:
                raise type(self._fault)(str(self._fault))
            self._open_until = now + self._rest  # this call tries; others keep waiting
