"""Sets of rows as whole numbers: a document's row number is its bit."""

from collections.abc import Collection

# Setting a bit costs more than writing a digit, and digits have to be written for every row there is.
_DIGITS_FOR = 40


def mask_of(rows: Collection[int], length: int) -> int:
    """The bits of ``rows``, all below ``length``."""
    if len(rows) * _DIGITS_FOR < length:
        bits = bytearray(length // 8 + 1)
        for row in rows:
            bits[row >> 3] |= 1 << (row & 7)
        return int.from_bytes(bits, "little")
    digits = bytearray(b"0") * (length + 1)
    for row in rows:
        digits[-1 - row] = 49  # "1"; reading binary digits is faster than setting bits
    return int(digits, 2)


def bits_of(mask: int, length: int) -> bytes:
    """A mask as bytes, so that one bit is tested without touching the others."""
    return mask.to_bytes(length // 8 + 1, "little")


def rows_of(mask: int) -> list[int]:
    """The rows whose bits are set, in order."""
    digits = bin(mask)[:1:-1]  # lowest bit first
    rows: list[int] = []
    find, add = digits.find, rows.append
    row = find("1")
    while row >= 0:
        add(row)
        row = find("1", row + 1)
    return rows


def has(bits: bytes, row: int) -> bool:
    """Whether a row is among those of ``bits_of``."""
    return bool(bits[row >> 3] >> (row & 7) & 1)


def at_least(masks: list[int], required: int) -> int:
    """The rows that are in at least ``required`` of the masks: reached[n] has those in more than n so far."""
    reached = [0] * required
    for mask in masks:
        for level in range(required - 1, 0, -1):
            reached[level] |= reached[level - 1] & mask
        reached[0] |= mask
    return reached[-1]
