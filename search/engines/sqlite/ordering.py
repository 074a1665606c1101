"""The rows of a page in order."""

from array import array
from collections.abc import Iterator
from itertools import islice

from search.engines.sqlite.columns import Columns, bits_of, rows_of
from search.engines.sqlite.matching import Matches
from search.query import Query

_NEWEST = "listed_at"


def page(columns: Columns, query: Query, found: int, matches: Matches | None) -> list[tuple[int, float]]:
    """Row and score of each hit on the query's page. Equals stand in order of key."""
    rows: Iterator[tuple[int, float]]
    if query.sort.field:
        rows = ((row, 0.0) for row in _by_number(columns, found, query.sort.field, query.sort.is_descending))
    elif matches is not None:
        rows = iter(_by_score(columns, query, found, matches))
    else:
        rows = ((row, columns.prior(query.signals_off)[row]) for row in _by_prior(columns, query, found))
    return list(islice(rows, query.offset, query.offset + query.size))


def _by_score(columns: Columns, query: Query, found: int, matches: Matches) -> list[tuple[int, float]]:
    bits = bits_of(found, columns.length)
    prior, keys = columns.prior(query.signals_off), columns.keys
    scored = [(row, score * prior[row]) for row, score in matches.scores.items() if bits[row >> 3] >> (row & 7) & 1]
    scored.sort(key=lambda each: (-each[1], keys[each[0]]))
    return scored


def _by_number(columns: Columns, found: int, field: str, is_descending: bool) -> Iterator[int]:
    """Rows by a number, then those without it."""
    bits = bytearray(bits_of(found, columns.length))
    column = columns.numbers.get(field)
    for _, group in column.groups(is_descending=is_descending) if column else ():
        inside = [row for row in group if bits[row >> 3] >> (row & 7) & 1]
        for row in inside:
            bits[row >> 3] &= ~(1 << (row & 7)) & 0xFF
        yield from sorted(inside, key=columns.keys.__getitem__)
    yield from sorted(rows_of(int.from_bytes(bits, "little"), columns.length), key=columns.keys.__getitem__)


def _by_prior(columns: Columns, query: Query, found: int) -> Iterator[int]:
    """Without a text: best signals first, newest first among equals."""
    bits = bits_of(found, columns.length)
    for row in _ranked(columns, query.signals_off):
        if bits[row >> 3] >> (row & 7) & 1:
            yield row


def _ranked(columns: Columns, switched_off: frozenset[str]) -> "array[int]":
    """All rows in the order of a page without words; made once per state of the index."""
    name = "ranked:" + ",".join(sorted(switched_off))
    made = columns.cache.get(name)
    if not isinstance(made, array):
        prior = columns.prior(switched_off)
        newest = columns.numbers.get(_NEWEST)
        listed = dict.fromkeys(range(columns.length), 0.0)
        for value, rows in newest.groups(is_descending=False) if newest else ():
            listed.update(dict.fromkeys(rows, value))
        order = sorted(range(columns.length), key=lambda row: (-prior[row], -listed[row], columns.keys[row]))
        made = array("I", order)
        columns.cache[name] = made
    return made
