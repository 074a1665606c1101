"""Found rows as hits, with what the query found in their texts marked.

What was marked in a text stays true as long as neither the index nor what is asked for changes, in whichever order and
on whichever page it is asked: it is remembered by the words and concepts that count, not by the query.
"""

import sqlite3
from collections.abc import Hashable

from search.analysis import lexicon
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.looking import Texts, texts_of
from search.highlight import Marker
from search.plan import Plan
from search.query import Query
from search.results import Hit


def hits_of(
    on: sqlite3.Connection, columns: Columns, plan: Plan, query: Query, rows: list[tuple[int, float]], texts: Texts
) -> tuple[Hit, ...]:
    """The rows as hits; ``texts`` are those that were read on the way to them."""
    keys = columns.keys
    if not query.highlight or not rows:
        return tuple([Hit(keys[row], score) for row, score in rows])
    kept, marks = columns.remembered.highlights, columns.remembered.number_of(_marks(plan, query.language))
    known = {row: kept.get((marks, row)) for row, _ in rows}
    unmarked = [row for row, highlights in known.items() if highlights is None]
    if unmarked:
        if missing := [row for row in unmarked if row not in texts]:
            texts |= texts_of(on, missing)
        found = [row for row in unmarked if row in texts]
        marked = Marker(plan, query.language).highlights([texts[row] for row in found])
        for row, highlights in zip(found, marked, strict=True):
            known[row] = kept[marks, row] = highlights
    return tuple([Hit(keys[row], score, known[row] or ()) for row, score in rows])


def _marks(plan: Plan, language: str) -> Hashable:
    """What marks depend on besides the text."""
    asked = frozenset([(tuple(group.variants.items()), group.concepts) for group in plan.groups])
    return language, lexicon().version, asked
