"""Fields of all documents as bit masks and sorted columns in memory: filters and facet counts without SQL.

A document's row number is its bit. Snapshots never change: a refresh makes a new one that shares what stayed equal.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from search import ranking

_CACHED_RANGES = 64
# a value that fewer rows than one in so many carry is kept as a list of rows: a mask of mostly zeros is larger
_SPARSE = 512
_FEW = 16  # changes that are looked up one by one instead of walking whole columns


def mask_of(rows: Iterable[int], length: int) -> int:
    """The bits of ``rows``, all below ``length``."""
    digits = bytearray(b"0") * (length + 1)
    for row in rows:
        digits[-1 - row] = 49  # "1"; reading binary digits is faster than setting bits
    return int(digits, 2)


def bits_of(mask: int, length: int) -> bytes:
    """A mask as bytes, so that one bit is tested without touching the others."""
    return mask.to_bytes(length // 8 + 1, "little")


class ValueColumn:
    """Which rows carry which value: a mask where many do, a short array of rows where few do."""

    __slots__ = ("_length", "_members")

    def __init__(self, members: Mapping[str, "int | array[int]"], length: int) -> None:
        self._members = members
        self._length = length

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def mask(self, value: str) -> int:
        """The rows that carry a value, as a mask."""
        members = self._members.get(value, 0)
        return members if isinstance(members, int) else mask_of(members, self._length)

    def counts(self, base: int, length: int) -> list[tuple[str, int]]:
        """How many rows of ``base`` carry each value; values that none carries are left out."""
        bits = bits_of(base, length)
        found: list[tuple[str, int]] = []
        for value, members in self._members.items():
            if isinstance(members, int):
                count = (members & base).bit_count()
            else:
                count = sum(bits[row >> 3] >> (row & 7) & 1 for row in members)
            if count:
                found.append((value, count))
        return found

    def changed(self, gone: int, added: Mapping[str, list[int]], length: int) -> "ValueColumn":
        """The column without the rows of ``gone`` and with those ``added``."""
        members: dict[str, int | array[int]] = {}
        limit = length // _SPARSE
        bits = bits_of(gone, length)
        few = rows_of(gone, length) if gone.bit_count() <= _FEW else None
        for value, old in self._members.items():
            if isinstance(old, int):
                kept: int | array[int] = old & ~gone if old & gone else old
            elif few is None or any(row in old for row in few):
                kept = array("I", (row for row in old if not _has(bits, row)))
            else:
                kept = old
            if kept:
                members[value] = kept
        for value, rows in added.items():
            before = members.get(value, 0)
            if isinstance(before, int) and before:
                members[value] = before | mask_of(rows, length)
                continue
            together = (array("I") if isinstance(before, int) else before) + array("I", rows)
            members[value] = mask_of(together, length) if len(together) > limit else together
        return ValueColumn(members, length)


class NumberColumn:
    """Rows sorted by their number."""

    __slots__ = ("_cache", "_length", "_rows", "_values")

    def __init__(self, pairs: Iterable[tuple[float, int]], length: int) -> None:
        ordered = sorted(pairs)
        self._values = array("d", (value for value, _ in ordered))
        self._rows = array("I", (row for _, row in ordered))
        self._length = length
        self._cache: dict[tuple[float | None, float | None, bool], int] = {}

    def mask(self, low: float | None, high: float | None, *, includes_high: bool = True) -> int:
        """Rows from ``low`` (included) to ``high``."""
        name = (low, high, includes_high)
        cached = self._cache.get(name)
        if cached is not None:
            return cached
        start = 0 if low is None else bisect_left(self._values, low)
        end = len(self._values)
        if high is not None:
            end = bisect_left(self._values, high)
            while includes_high and end < len(self._values) and self._values[end] == high:
                end += 1
        mask = mask_of(self._rows[start:end], self._length) if start < end else 0
        if len(self._cache) >= _CACHED_RANGES:
            self._cache.clear()
        self._cache[name] = mask
        return mask

    def extremes(self, base: int, length: int) -> tuple[float | None, float | None]:
        """The smallest and largest number among the rows of ``base``."""
        bits = bits_of(base, length)
        inside = (i for i, row in enumerate(self._rows) if bits[row >> 3] >> (row & 7) & 1)
        first = next(inside, None)
        if first is None:
            return None, None
        last = next(
            i for i in range(len(self._rows) - 1, -1, -1) if bits[self._rows[i] >> 3] >> (self._rows[i] & 7) & 1
        )
        return self._values[first], self._values[last]

    def groups(self, *, is_descending: bool) -> Iterator[tuple[float, Sequence[int]]]:
        """Rows of equal number together, in order of the number."""
        values, rows, size = self._values, self._rows, len(self._values)
        position = size - 1 if is_descending else 0
        while 0 <= position < size:
            value, end = values[position], position
            step = -1 if is_descending else 1
            while 0 <= end < size and values[end] == value:
                end += step
            yield value, rows[end + 1 : position + 1] if is_descending else rows[position:end]
            position = end

    def changed(self, gone: int, added: Iterable[tuple[float, int]], length: int) -> "NumberColumn":
        """The column without the rows of ``gone`` and with those ``added``."""
        news = list(added)
        if gone.bit_count() <= _FEW and len(news) <= _FEW:
            return self._nudged(rows_of(gone, length), news, length)
        bits = bits_of(gone, length)
        kept = ((value, row) for value, row in zip(self._values, self._rows, strict=True) if not _has(bits, row))
        return NumberColumn([*kept, *news], length)

    def _nudged(self, gone: list[int], added: list[tuple[float, int]], length: int) -> "NumberColumn":
        """A few rows taken out and put in, the rest copied as it stands."""
        copy = NumberColumn((), length)
        copy._values, copy._rows = self._values[:], self._rows[:]
        for row in gone:
            if row in copy._rows:
                place = copy._rows.index(row)
                del copy._rows[place], copy._values[place]
        for value, row in added:
            place = bisect_left(copy._values, value)
            while place < len(copy._values) and copy._values[place] == value and copy._rows[place] < row:
                place += 1
            copy._values.insert(place, value)
            copy._rows.insert(place, row)
        return copy


def rows_of(mask: int, length: int) -> list[int]:
    """The rows whose bits are set, in order."""
    bits = bits_of(mask, length)
    return [(place << 3) + bit for place, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]


def _has(bits: bytes, row: int) -> bool:
    return bool(bits[row >> 3] >> (row & 7) & 1)


@dataclass(frozen=True)
class Columns:
    """One state of the index: ``change`` and ``generation`` name it."""

    generation: int = 0
    change: int = 0
    length: int = 0
    live: Mapping[str, int] = field(default_factory=dict)
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    keywords: Mapping[str, ValueColumn] = field(default_factory=dict)
    numbers: Mapping[str, NumberColumn] = field(default_factory=dict)
    certificates: Mapping[str, NumberColumn] = field(default_factory=dict)
    signals: Mapping[str, "array[float]"] = field(default_factory=dict)
    priors: "dict[frozenset[str], array[float]]" = field(default_factory=dict, compare=False)
    cache: "dict[str, object]" = field(default_factory=dict, compare=False)

    def prior(self, switched_off: frozenset[str]) -> "array[float]":
        """By row, the factor that signals add to a text score."""
        made = self.priors.get(switched_off)
        if made is None:
            made = array("d", [1.0]) * self.length
            for name, column in self.signals.items():
                weight = 0.0 if name in switched_off else ranking.SIGNALS.get(name, 0.0)
                if weight:
                    for row, value in enumerate(column):
                        if value:
                            made[row] += weight * value
            if len(self.priors) >= 8:
                self.priors.clear()
            self.priors[switched_off] = made
        return made
