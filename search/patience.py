"""How long a caller can wait for all searches of one piece of work together, as for those of one page."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_until: ContextVar[float | None] = ContextVar("souq_search_until", default=None)
_unhurried: ContextVar[bool] = ContextVar("souq_search_unhurried", default=False)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Searches inside share these seconds; a shorter patience around them stays."""
    token = _until.set(_sooner(monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


@contextmanager
def unhurried() -> Iterator[None]:
    """Searches inside are for no page: they wait as long as a rebuild would, and try where others have given up."""
    token = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(token)


def is_unhurried() -> bool:
    """Whether nobody waits at a page."""
    return _unhurried.get()


def left() -> float | None:
    """Seconds that are left, never below nothing; None where nobody set a limit."""
    until = _until.get()
    return None if until is None else max(0.0, until - monotonic())


def _sooner(moment: float) -> float:
    until = _until.get()
    return moment if until is None else min(moment, until)
