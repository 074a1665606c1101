"""Is a database away: told alike of SQLite and PostgreSQL. What failed of that is no fault of whoever asked."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

DATABASE_FAULTS = (OperationalError, NoConnection)
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY = 0xFF  # SQLite tells more of an error in the bits above
# PostgreSQL shuts down, was shot down, is not up yet; lets nobody in any more
_GONE = frozenset({"57P01", "57P02", "57P03", "53300"})
_CONNECTION = "08"  # the class of what befalls connections


def is_away(failure: BaseException | None) -> bool:
    """Whether a failure, or what it was raised from, says that the database did not answer or let nobody in."""
    seen: set[int] = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        if isinstance(failure, NoConnection) or (isinstance(failure, DBAPIError) and failure.connection_invalidated):
            return True
        if getattr(failure, "sqlite_errorcode", 0) & _PRIMARY in _LOCKED or _says_postgres(failure):
            return True
        failure = getattr(failure, "orig", None) or failure.__cause__ or failure.__context__
    return False


def _says_postgres(failure: BaseException) -> bool:
    state = getattr(failure, "sqlstate", "")
    if state is None:  # the driver's own: no server said anything
        return any(kind.__name__ == "OperationalError" for kind in type(failure).__mro__)
    return state in _GONE or state.startswith(_CONNECTION)


class _Mood(threading.local):
    is_brief = False


_mood = _Mood()


@contextmanager
def briefly() -> Iterator[None]:
    """What this thread begins to write inside does not wait long for whoever else writes into the same SQLite file."""
    before, _mood.is_brief = _mood.is_brief, True
    try:
        yield
    finally:
        _mood.is_brief = before


def is_brief() -> bool:
    """Whether this thread is inside `briefly`."""
    return _mood.is_brief
