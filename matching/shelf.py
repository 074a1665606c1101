"""Offers that stay in their file until one is looked at; what came or changed since stands before them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matching.profile import OfferProfile
from matching.reader.offer import OfferReading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matching.word_table import Terms

Known = tuple[OfferProfile, OfferReading]
# Offers that are shown are shown again.
_REMEMBERED = 1024


class Shelf(MutableMapping[str, Known]):
    """Key to an offer and what was read from it, from a file of JSON lines that are in the order of the keys."""

    def __init__(self, file: Path, starts: NDArray[Any], keys: Terms, read: Callable[[Any], Known]) -> None:
        self._file = os.open(file, os.O_RDONLY)  # its own: a folder may be dropped while this reads on
        self._keys = keys
        self._gone: set[int] = set()
        self._added: dict[str, Known] = {}
        # Without a hold on itself: a shelf that is replaced closes its file at once.
        self._at = lru_cache(_REMEMBERED)(partial(_line, self._file, starts, read))

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def at(self, row: int) -> Known:
        """What stands in a row of the file, whatever came since."""
        return self._at(row)

    def _row(self, key: str) -> int | None:
        row = self._keys.column(key)
        return None if row is None or row in self._gone else row

    def __getitem__(self, key: str) -> Known:
        if key in self._added:
            return self._added[key]
        row = self._row(key)
        if row is None:
            raise KeyError(key)
        return self._at(row)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and (key in self._added or self._row(key) is not None)

    def __setitem__(self, key: str, value: Known) -> None:
        self.pop(key, None)
        self._added[key] = value

    def __delitem__(self, key: str) -> None:
        if self._added.pop(key, None) is not None:
            return
        row = self._row(key)
        if row is None:
            raise KeyError(key)
        self._gone.add(row)

    def __iter__(self) -> Iterator[str]:
        for row in range(len(self._keys)):
            if row not in self._gone:
                yield self._keys.word(row).decode("utf-8", "surrogatepass")
        yield from self._added

    def __len__(self) -> int:
        return len(self._keys) - len(self._gone) + len(self._added)


def _line(file: int, starts: NDArray[Any], read: Callable[[Any], Known], row: int) -> Known:
    start, end = int(starts[row]), int(starts[row + 1])
    return read(json.loads(os.pread(file, end - start, start)))


class Offers(Mapping[str, OfferProfile]):
    """The offers alone."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        self._known = known

    def __getitem__(self, key: str) -> OfferProfile:
        return self._known[key][0]

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Readings(Mapping[str, OfferReading]):
    """What was read from them alone."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        self._known = known

    def __getitem__(self, key: str) -> OfferReading:
        return self._known[key][1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
