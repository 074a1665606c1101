"""Finished pieces of pages kept in this process, named by what they show, so that they can never be out of date."""

from __future__ import annotations

import hashlib
import marshal
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from flask import current_app

_KEY = "souq_pieces"
_MOST_CHARACTERS = 3_000_000
Piece = TypeVar("Piece", bound=Sequence[str])


def digest(rows: Any) -> bytes:
    """A short name for plain values read from the database; equal for equal ones."""
    # only our own values are written and nothing is ever read back
    try:
        written = marshal.dumps(rows, 2)  # this version writes equal values equally, and half as long as pickle
    except ValueError:  # PostgreSQL gives numbers and days that it does not know
        written = pickle.dumps(rows, 5)
    return hashlib.sha256(written).digest()[:16]  # processors help with this one


class Pieces:
    """Texts by name, the ones used longest ago are dropped beyond a number of characters."""

    def __init__(self, most: int = _MOST_CHARACTERS) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[Hashable, tuple[int, Sequence[str]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], Piece]) -> Piece:
        """The piece of this name, made now if it is not there. A piece is a tuple of texts."""
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
                return found[1]  # type: ignore[return-value]  # a name always has the same kind of piece
        made = make()
        size = sum(map(len, made))
        with self._lock:
            if name not in self._kept and size <= self._most:
                self._kept[name] = (size, made)
                self._held += size
                while self._held > self._most:
                    _name, (gone, _texts) = self._kept.popitem(last=False)
                    self._held -= gone
        return made

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
            self._held = 0


def pieces() -> Pieces:
    """The memory of the running application."""
    made: Pieces = current_app.extensions.setdefault(_KEY, Pieces())
    return made
