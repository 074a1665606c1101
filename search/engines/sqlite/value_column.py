"""One keyword field of all documents in memory."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from search.engines.sqlite.bits import bits_of, has, mask_of, rows_of

# A value that fewer rows than one in so many carry is kept as a list of rows: a mask of mostly zeros is larger.
_SPARSE = 512
# A field that fewer rows than one in so many have is counted from its values alone.
_SELDOM = 8
_FEW = 16  # changes that are looked up one by one instead of walking whole columns

Members = Mapping[str, "int | array[int]"]


class ValueColumn:
    """Which rows carry which value: a mask where many do, a short array of rows where few do.

    A field that most rows have also keeps, row by row, which combination of values it has; few rows are counted so.
    """

    __slots__ = ("_codes", "_combinations", "_length", "_members", "_numbers")

    def __init__(self, members: Members, length: int) -> None:
        self._members = members
        self._length = length
        self._codes: array[int] | None = None
        self._combinations: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): 0}

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def mask(self, value: str) -> int:
        """The rows that carry a value, as a mask."""
        members = self._members.get(value, 0)
        return members if isinstance(members, int) else mask_of(members, self._length)

    def values(self, row: int) -> tuple[str, ...]:
        """The values of one row; only a field that most rows have can tell."""
        codes = self._codes
        return self._combinations[codes[row]] if codes is not None and row < len(codes) else ()

    def counts(self, base: int, length: int, rows: Sequence[int] | None = None) -> list[tuple[str, int]]:
        """How many rows of ``base`` carry each value; values that none carries are left out.

        ``rows`` are those of ``base`` where the caller has them at hand.
        """
        if rows is not None and self._codes is not None and self._is_cheaper_by_row(len(rows)):
            return self._counted_by_row(rows)
        bits = b""
        found: list[tuple[str, int]] = []
        for value, members in self._members.items():
            if isinstance(members, int):
                count = (members & base).bit_count()
            else:
                bits = bits or bits_of(base, length)
                count = sum([bits[row >> 3] >> (row & 7) & 1 for row in members])
            if count:
                found.append((value, count))
        return found

    def _is_cheaper_by_row(self, rows: int) -> bool:
        # A row costs about 80 ns, a mask 300 ns and 12 ps for every bit of its length.
        return rows * 80 < len(self._members) * (300 + self._length // 80)

    def _counted_by_row(self, rows: Sequence[int]) -> list[tuple[str, int]]:
        codes, combinations = self._codes, self._combinations
        assert codes is not None
        found: dict[str, int] = defaultdict(int)
        for code, count in Counter(map(codes.__getitem__, rows)).items():
            for value in combinations[code]:
                found[value] += count
        return list(found.items())

    def changed(self, gone: int, added: Mapping[str, list[int]], length: int) -> "ValueColumn":
        """The column without the rows of ``gone`` and with those ``added``."""
        members: dict[str, int | array[int]] = {}
        limit = length // _SPARSE
        bits = bits_of(gone, length)
        few = rows_of(gone) if gone.bit_count() <= _FEW else None
        for value, old in self._members.items():
            if isinstance(old, int):
                kept: int | array[int] = old & ~gone if old & gone else old
            elif few is None or any(row in old for row in few):
                kept = array("I", (row for row in old if not has(bits, row)))
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
        after = ValueColumn(members, length)
        after._continue(self, gone, added)
        return after

    def _continue(self, before: "ValueColumn", gone: int, added: Mapping[str, list[int]]) -> None:
        """Take over what ``before`` knows row by row; its list of combinations only grows and is shared."""
        if sum(map(_size, self._members.values())) * _SELDOM < self._length:
            return
        if before._codes is None:
            gone, added = 0, {value: _rows(members) for value, members in self._members.items()}
            codes = array("H")
        else:
            codes = array(before._codes.typecode, before._codes)
            self._combinations, self._numbers = before._combinations, before._numbers
        codes.extend(array(codes.typecode, [0]) * (self._length - len(codes)))
        for row in rows_of(gone):
            codes[row] = 0
        carried: dict[int, list[str]] = defaultdict(list)
        for value, rows in added.items():
            for row in rows:
                carried[row].append(value)
        for row, values in carried.items():
            number = self._number(tuple(sorted(values)))
            if number > 0xFFFF and codes.typecode == "H":
                codes = array("I", codes)
            codes[row] = number
        self._codes = codes

    def _number(self, values: tuple[str, ...]) -> int:
        number = self._numbers.get(values)
        if number is None:
            number = self._numbers[values] = len(self._combinations)
            self._combinations.append(values)
        return number


def _size(members: "int | array[int]") -> int:
    return members.bit_count() if isinstance(members, int) else len(members)


def _rows(members: "int | array[int]") -> list[int]:
    return rows_of(members) if isinstance(members, int) else list(members)
