"""Chance that every run of a test throws alike: keys, nonces and salts no longer decide which run is red."""

from __future__ import annotations

import os
import random

_REAL = os.urandom
_OWNER = os.getpid()


class Thrown:
    """Bytes in place of the machine's own, seeded per test; a forked child draws real ones, or it would repeat ours."""

    def __init__(self) -> None:
        self._source = random.Random(0)

    def begin(self, name: str) -> None:
        """Seed by the test's name; SOUQ_TEST_SEED throws other dice for all of them."""
        self._source.seed(os.environ.get("SOUQ_TEST_SEED", "") + name)

    def __call__(self, size: int, /) -> bytes:
        return self._source.randbytes(size) if os.getpid() == _OWNER else _REAL(size)


thrown = Thrown()


def throw() -> None:
    """From here on `secrets`, `uuid4` and whatever else asks the machine through Python draw from `thrown`."""
    os.urandom = thrown
    random._urandom = thrown  # type: ignore[attr-defined]  # SystemRandom took its own name for it at import
