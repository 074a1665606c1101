"""One numeric field of all documents in memory."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from math import isnan, nan

from search.engines.sqlite.bits import bits_of, has, mask_of, rows_of

_CACHED_RANGES = 64
_FEW = 16  # changes that are looked up one by one instead of walking whole columns
_STEPS = 128  # rows looked at one by one before whole blocks are skipped
_BLOCKS = 32
_LOOKED_UP = 512  # rows whose numbers are looked up one by one


class NumberColumn:
    """Rows sorted by their number."""

    __slots__ = ("_blocks", "_by_row", "_cache", "_length", "_rows", "_values")

    def __init__(self, pairs: Iterable[tuple[float, int]], length: int) -> None:
        ordered = sorted(pairs)
        self._values = array("d", (value for value, _ in ordered))
        self._rows = array("I", (row for _, row in ordered))
        self._length = length
        self._cache: dict[tuple[float | None, float | None, bool], int] = {}
        self._blocks: list[tuple[int, int, int]] = []
        self._by_row: array[float] | None = None

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

    def extremes(self, base: int, length: int, among: Sequence[int] | None = None) -> tuple[float | None, float | None]:
        """The smallest and largest number among the rows of ``base``; ``among`` are these one by one, if at hand."""
        if among is not None and len(among) <= _LOOKED_UP:
            found = [value for value in map(self._numbers().__getitem__, among) if not isnan(value)]
            return (min(found), max(found)) if found else (None, None)
        bits, size = bits_of(base, length), len(self._rows)
        first = self._first(base, bits, range(size))
        if first < 0:
            return None, None
        return self._values[first], self._values[self._first(base, bits, range(size - 1, -1, -1))]

    def _first(self, base: int, bits: bytes, places: range) -> int:
        """The first of ``places`` whose row is in ``base``; -1 for none."""
        rows = self._rows
        for place in places[:_STEPS]:
            row = rows[place]
            if bits[row >> 3] >> (row & 7) & 1:
                return place
        if len(places) <= _STEPS:
            return -1
        blocks = self._in_blocks() if places.step > 0 else reversed(self._in_blocks())
        for start, end, mask in blocks:
            if mask & base:
                for place in range(start, end)[:: places.step]:
                    if has(bits, rows[place]):
                        return place
        return -1

    def _numbers(self) -> "array[float]":
        """The number of each row, none (NaN) for one without; made when a search first needs it, and carried over."""
        made = self._by_row
        if made is None:
            made = array("d", [nan]) * self._length
            for value, row in zip(self._values, self._rows, strict=True):
                made[row] = value
            self._by_row = made
        return made

    def _in_blocks(self) -> list[tuple[int, int, int]]:
        """Stretches of the order with the mask of their rows; made when a search first needs them."""
        if not self._blocks:
            size = len(self._rows)
            step = size // _BLOCKS + 1
            ends = [(start, min(size, start + step)) for start in range(0, size, step)]
            self._blocks = [(start, end, mask_of(self._rows[start:end], self._length)) for start, end in ends]
        return self._blocks

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
            return self._nudged(rows_of(gone), news, length)
        bits = bits_of(gone, length)
        kept = ((value, row) for value, row in zip(self._values, self._rows, strict=True) if not has(bits, row))
        return NumberColumn([*kept, *news], length)

    def _nudged(self, gone: list[int], added: list[tuple[float, int]], length: int) -> "NumberColumn":
        """A few rows taken out and put in, the rest copied as it stands."""
        copy = NumberColumn((), length)
        copy._values, copy._rows = self._values[:], self._rows[:]
        for row in gone:
            place = _place(copy._rows, row)
            if place >= 0:
                del copy._rows[place], copy._values[place]
        for value, row in added:
            place = bisect_left(copy._values, value)
            while place < len(copy._values) and copy._values[place] == value and copy._rows[place] < row:
                place += 1
            copy._values.insert(place, value)
            copy._rows.insert(place, row)
        if self._by_row is not None:
            copy._by_row = self._by_row + array("d", [nan]) * (length - self._length)
            for row in gone:
                copy._by_row[row] = nan
            for value, row in added:
                copy._by_row[row] = value
        out = ~mask_of(gone, length)
        for (low, high, includes_high), mask in list(self._cache.items()):
            news = [row for value, row in added if _is_within(value, low, high, includes_high=includes_high)]
            copy._cache[low, high, includes_high] = mask & out | mask_of(news, length)
        return copy


def _place(rows: "array[int]", row: int) -> int:
    """Where a row stands, -1 for nowhere: bytes are looked through many times faster than numbers."""
    data, wanted = rows.tobytes(), array(rows.typecode, [row]).tobytes()
    found = data.find(wanted)
    while found % len(wanted) and found >= 0:
        found = data.find(wanted, found + 1)
    return found // len(wanted) if found >= 0 else -1


def _is_within(value: float, low: float | None, high: float | None, *, includes_high: bool) -> bool:
    return (low is None or value >= low) and (high is None or value < high or (includes_high and value == high))
