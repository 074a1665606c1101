"""Completion while typing."""

import json

from search.engines.sqlite.columns import Columns
from search.engines.sqlite.expressions import quoted
from search.engines.sqlite.tables import Connection
from search.highlight import choose_language
from search.query import MAX_TEXT, MAX_WORD_LENGTH
from search.results import Suggestion
from search.terms import surface_words

# More rows than this are not weighed: a short beginning has thousands.
_CONSIDERED = 400
_WORDS = 6


def beginnings(prefix: str, language: str) -> list[str]:
    """The words of a beginning, as the index has them."""
    return [word[:MAX_WORD_LENGTH] for word in surface_words(prefix[:MAX_TEXT], language)][:_WORDS]


def complete(
    on: Connection, columns: Columns, prefix: str, language: str, *, limit: int, kind: str
) -> list[Suggestion]:
    """Titles with every word of ``prefix`` (each may go on), best signals first, each title once."""
    wanted = beginnings(prefix, language)
    if not wanted or limit < 1:
        return []
    match = " AND ".join(f"{quoted(word)} *" for word in wanted)
    rows = on.execute(
        "SELECT rowid FROM search_surface WHERE search_surface MATCH ? LIMIT ?", (match, _CONSIDERED)
    ).fetchall()
    prior = columns.prior(frozenset())
    ranked = sorted((row for (row,) in rows if row < columns.length), key=lambda row: (-prior[row], columns.keys[row]))
    found: dict[str, Suggestion] = {}
    for row in ranked[: limit * 4]:
        each = on.execute(
            "SELECT kind, key, texts FROM search_documents WHERE id = ? AND is_live = 1", (row,)
        ).fetchone()
        if each is None or (kind and each[0] != kind):
            continue
        original, titles, _ = json.loads(each[2])
        title = titles[choose_language(titles, language, original)]
        found.setdefault(title, Suggestion(title, each[0], each[1]))
        if len(found) == limit:
            break
    return list(found.values())
