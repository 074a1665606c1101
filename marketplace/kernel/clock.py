"""The time, from one place that tests can set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_read: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - replaced as a whole by frozen()


def now() -> datetime:
    """This moment in UTC, with its zone."""
    return _read()


def today() -> date:
    """This day in UTC."""
    return _read().date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) inside the block."""
    global _read
    before = _read
    _read = lambda: moment.astimezone(UTC)  # noqa: E731 - see above
    try:
        yield
    finally:
        _read = before
