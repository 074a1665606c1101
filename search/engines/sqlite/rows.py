"""Which rows match an expression, and how many have a word: asked once a state of the index."""

import json

from search.engines.sqlite.bits import mask_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.tables import Connection

# one JSON array is much faster to fetch than rows
_FOUND = "SELECT json_group_array(rowid) FROM search_words WHERE search_words MATCH ?"
_FREQUENCY = "SELECT doc FROM search_terms WHERE term = ?"


def rows_with(on: Connection, columns: Columns, match: str) -> int:
    """All rows that match an expression."""
    known = columns.remembered.masks.get(match)
    if known is None:
        rows: list[int] = json.loads(on.execute(_FOUND, (match,)).fetchone()[0])
        known = columns.remembered.masks[match] = mask_of(rows, columns.length)
    return known


def frequency(on: Connection, columns: Columns, word: str) -> int:
    """How many rows have a word or a concept."""
    known = columns.remembered.frequencies.get(word)
    if known is None:
        row = on.execute(_FREQUENCY, (word,)).fetchone()
        known = columns.remembered.frequencies[word] = row[0] if row else 0
    return known
