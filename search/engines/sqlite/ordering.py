"""Found rows in order."""

from array import array
from collections.abc import Iterator

from search.engines.sqlite.bits import bits_of, rows_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.matching import Matches
from search.engines.sqlite.remembered import Order, Ranked
from search.query import MAX_DEPTH

NEWEST = "listed_at"


def by_score(columns: Columns, found: int, matches: Matches, switched_off: frozenset[str]) -> Ranked:
    """Rows as deep as pages go, best first; signals lift the text score. Equals stand in order of key."""
    kept, name = columns.remembered.ranked, (matches.name, found, switched_off)
    known = kept.get(name) if matches.name else None  # the same words in another order are asked in the same way
    if known is not None:
        return known
    bits = bits_of(found, columns.length)
    prior, keys = columns.prior(switched_off), columns.keys
    scored = [
        (-score * prior[row], keys[row], row)
        for row, score in zip(matches.rows, matches.scores, strict=True)
        if bits[row >> 3] >> (row & 7) & 1
    ]
    scored.sort()
    del scored[MAX_DEPTH:]
    ranked = Ranked(array("I", [row for _, _, row in scored]), array("d", [-score for score, _, _ in scored]))
    if matches.name:
        kept[name] = ranked
    return ranked


def by_number(columns: Columns, found: int, field: str, *, is_descending: bool) -> Iterator[int]:
    """Rows by a number, then those without it."""
    bits = bytearray(bits_of(found, columns.length))
    column = columns.numbers.get(field)
    for _, group in column.groups(is_descending=is_descending) if column else ():
        inside = [row for row in group if bits[row >> 3] >> (row & 7) & 1]
        for row in inside:
            bits[row >> 3] &= ~(1 << (row & 7)) & 0xFF
        yield from sorted(inside, key=columns.keys.__getitem__)
    yield from sorted(rows_of(int.from_bytes(bits, "little")), key=columns.keys.__getitem__)


def by_prior(columns: Columns, found: int, switched_off: frozenset[str]) -> Iterator[int]:
    """Without a text: best signals first, newest first among equals."""
    bits = bits_of(found, columns.length)
    for row in _ranked(columns, switched_off).rows:
        if bits[row >> 3] >> (row & 7) & 1:
            yield row


def _ranked(columns: Columns, switched_off: frozenset[str]) -> Order:
    """All rows in the order of a page without words; made once per state of the index."""
    made = columns.remembered.orders.get(switched_off)
    if made is None:
        prior = columns.prior(switched_off)
        newest = columns.numbers.get(NEWEST)
        listed = array("d", [0.0]) * columns.length
        for value, rows in newest.groups(is_descending=False) if newest else ():
            for row in rows:
                listed[row] = value
        order = sorted(range(columns.length), key=columns.keys.__getitem__)
        order.sort(key=listed.__getitem__, reverse=True)
        order.sort(key=prior.__getitem__, reverse=True)  # sorting keeps the order of equals
        made = columns.remembered.orders[switched_off] = Order(array("I", order), listed)
    return made
