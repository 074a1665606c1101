"""Files without a row: bytes are written before the row that names them, so a process that dies between leaves some."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outside import storage

# far longer than any upload or import lasts between its bytes and its row
KEPT = timedelta(days=1)
_TOGETHER = 200

Named = Callable[[Session, list[str]], set[str]]
_OWNERS: dict[str, Named] = {}


def names_files(folder: str) -> Callable[[Named], Named]:
    """Say whose rows name the files of a folder: of the keys it is given, the function gives those that a row names.

    Files of a folder that nobody speaks for are left alone.
    """

    def decorate(named: Named) -> Named:
        _OWNERS[folder] = named
        return named

    return decorate


def remove_leftovers() -> int:
    """Delete files older than a day that no row names; how many. Safe to run again from any point."""
    removed = 0
    for folder, named in sorted(_OWNERS.items()):
        aged = _aged(folder)
        while keys := list(islice(aged, _TOGETHER)):
            session = db.session()
            kept = named(session, keys)
            session.rollback()  # it was only read
            for key in keys:
                if key not in kept:
                    storage().delete(key)
                    removed += 1
    return removed


def _aged(folder: str) -> Iterator[str]:
    """Keys of a folder that were written more than a day ago."""
    limit = now() - KEPT
    return (key for key, moment in storage().written(f"{folder}/") if moment < limit)
