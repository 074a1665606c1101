"""The rows of cards, remembered as long as nothing on the market changes."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.catalogue.queries import CardRow, cards
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.memory import Shared
from marketplace.kernel.database import db


def card_rows(keys: Sequence[int], locale: str, known: Shared) -> list[CardRow]:
    """The public products among ``keys``, in that order.

    Where index and rows share a database, every visible change counts the market's state up in its own transaction.
    The rows are read in a snapshot of their own, begun after that state was: under it stand rows of that state or of a
    later one, never of an earlier, as the request's own session could give that has looked up its person before.
    """
    if not lives_in_database():
        return cards(db.session(), keys, locale)
    found = {key: known.rows.get((key, locale)) for key in keys}
    missing = [key for key, row in found.items() if row is None]
    if missing:
        for row in rows_now(missing, locale):
            found[row.id] = known.rows.put((row.id, locale), row)
    return [row for row in found.values() if row is not None]


def rows_now(keys: Sequence[int], locale: str) -> list[CardRow]:
    """The same read from the database, and not remembered."""
    if not lives_in_database():
        return cards(db.session(), keys, locale)
    with db.engine.connect() as fresh:
        return cards(fresh, keys, locale)
