"""Which rows match an expression, and how many have a word: asked once a state of the index."""

import json

from search.engines.sqlite.bits import mask_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.tables import Connection

# one JSON array is much faster to fetch than rows
_FOUND = "SELECT json_group_array(rowid) FROM search_words WHERE search_words MATCH ?"
_FOUND_AMONG = (
    "SELECT json_group_array(rowid) FROM search_words WHERE search_words MATCH ?"
    " AND rowid IN (SELECT value FROM json_each(?))"
)
_FREQUENCY = "SELECT doc FROM search_terms WHERE term = ?"


def rows_with(on: Connection, columns: Columns, match: str) -> int:
    """All rows that match an expression."""
    remembered = columns.remembered
    known = remembered.masks.get(match)
    if known is None:
        former, changed = remembered.former.get(match, (0, None))
        if changed is None:
            rows = _found(on, _FOUND, match)
        else:  # only the rows that have changed since are asked for
            former &= ~mask_of(changed, columns.length)
            rows = _found(on, _FOUND_AMONG, match, json.dumps(list(changed)))
        known = remembered.masks[match] = former | mask_of(rows, columns.length)
    return known


def is_remembered(columns: Columns, match: str) -> bool:
    """Whether ``rows_with`` would know the answer with little or no asking."""
    return columns.remembered.masks.get(match) is not None or match in columns.remembered.former


def _found(on: Connection, query: str, *values: str) -> list[int]:
    rows: list[int] = json.loads(on.execute(query, values).fetchone()[0])
    return rows


def frequency(on: Connection, columns: Columns, word: str) -> int:
    """How many rows have a word or a concept."""
    known = columns.remembered.frequencies.get(word)
    if known is None:
        row = on.execute(_FREQUENCY, (word,)).fetchone()
        known = columns.remembered.frequencies[word] = row[0] if row else 0
    return known
