"""Counts of the limiter in this process: the package's own memory starts a thread at nearly every write."""

from __future__ import annotations

import threading
import time

from limits.storage import Storage

from marketplace.kernel.clock import now

IN_PROCESS = "process://"
_SWEEP_SECONDS = 60.0


class WriteCounts(Storage):
    """Counts in windows that begin with their first entry; what is over is forgotten once a minute."""

    STORAGE_SCHEME = ["process"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[float, int]] = {}  # end of the window (monotonic seconds), entries in it
        self._next_sweep = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Entries under ``key`` in its window, these included; ``expiry`` is the length of a new one in seconds."""
        moment = time.monotonic()
        with self._lock:
            if moment >= self._next_sweep:
                self._counts = {name: held for name, held in self._counts.items() if held[0] > moment}
                self._next_sweep = moment + _SWEEP_SECONDS
            end, count = self._counts.get(key, (0.0, 0))
            if end <= moment:
                end, count = moment + expiry, 0
            self._counts[key] = (end, count + amount)
            return count + amount

    def get(self, key: str) -> int:
        """Entries in the present window."""
        end, count = self._counts.get(key, (0.0, 0))
        return count if end > time.monotonic() else 0

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since the epoch; now where there is none."""
        left = self._counts.get(key, (0.0, 0))[0] - time.monotonic()
        return now().timestamp() + max(0.0, left)

    def check(self) -> bool:
        """Whether it can be asked."""
        return True

    def reset(self) -> int:
        """Forget everything; how many keys there were."""
        with self._lock:
            count = len(self._counts)
            self._counts = {}
        return count

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._counts.pop(key, None)
