"""Is a disk full: told alike of SQLite, PostgreSQL and the file system, whichever met it first."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from marketplace.kernel.absence import briefly, is_away
from marketplace.kernel.database import db
from marketplace.kernel.uow import is_open

_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# SQLite says FULL where the disk says that no space is left; over a quota or in its shared memory only that it failed
_SQLITE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
_POSTGRES = frozenset({"53100"})  # disk_full
RETRY_SECONDS = 60


def is_disk_full(failure: BaseException | None) -> bool:
    """Whether a failure, or what it was raised from, says that a disk has no room left."""
    seen: set[int] = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        if isinstance(failure, OSError) and failure.errno in _ERRNOS:
            return True
        if getattr(failure, "sqlite_errorcode", None) in _SQLITE or getattr(failure, "sqlstate", None) in _POSTGRES:
            return True
        failure = getattr(failure, "orig", None) or failure.__cause__ or failure.__context__
    return False


@contextmanager
def unless_full() -> Iterator[None]:
    """Write down what a page is as good without, such as that it was read; it is left out on a full disk, and where
    the database is locked or away.

    Within an action's transaction a failure is the action's: what it has read and written must not be rolled back while
    it goes on.
    """
    is_within = db.session.registry.has() and is_open(db.session())
    try:
        with briefly():
            yield
    except Exception as failure:
        if is_within or not (is_disk_full(failure) or is_away(failure)):
            raise
        db.session.rollback()
