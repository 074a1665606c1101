"""A circuit breaker: after some failures in a row it fails at once for a while, instead of letting everyone wait."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from search.errors import EngineUnavailable, NoTimeLeft


class Breaker:
    """Opens after ``failures`` faults in a row for ``first_rest`` seconds; then one call may try, and closes it if it
    works. Each try that fails doubles the rest, up to ``rest``: a server that is only slow is asked again soon, one
    that is away seldom.

    While it is open it raises what it saw last. ``NoTimeLeft`` says nothing of the server, and does not count.
    """

    def __init__(
        self,
        *,
        failures: int = 3,
        rest: float = 5.0,
        first_rest: float | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._allowed = failures
        self._rest = rest
        self._first_rest = rest if first_rest is None else first_rest
        self._next_rest = self._first_rest
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
        is_trial = self._enter()
        try:
            yield
        except NoTimeLeft:
            if is_trial:
                with self._lock:
                    self._open_until = self._clock()  # the next one may try
            raise
        except EngineUnavailable as fault:
            self._count(fault, is_trial=is_trial)
            raise
        else:
            with self._lock:
                self._failed = 0
                self._next_rest = self._first_rest

    def _count(self, fault: EngineUnavailable, *, is_trial: bool) -> None:
        with self._lock:
            self._fault = type(fault)(str(fault))  # without its trace
            self._failed += 1
            if is_trial:  # of those that were on their way together each would double it
                self._next_rest = min(self._rest, 2 * self._next_rest)
            self._open_until = self._clock() + self._next_rest

    def _enter(self) -> bool:
        """Whether this call tries for the others; raises while open."""
        with self._lock:
            if self._failed < self._allowed:
                return False
            now = self._clock()
            if now < self._open_until:
                raise type(self._fault)(str(self._fault))
            self._open_until = now + self._rest  # this call tries; others keep waiting
            return True
