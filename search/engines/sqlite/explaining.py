"""The score of one row taken apart."""

from collections.abc import Sequence

from search.engines.sqlite.answering import Answer
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.expressions import ANYWHERE, TITLED, expression
from search.engines.sqlite.looking import candidates
from search.engines.sqlite.remembered import Ranked
from search.engines.sqlite.tables import Connection
from search.explanation import Explanation
from search.plan import Group
from search.query import Query
from search.related import Near, related_place
from search.rerank import rerank

_MATCHES = "SELECT 1 FROM search_words WHERE search_words MATCH ? AND rowid = ?"


def explained(
    on: Connection, columns: Columns, query: Query, answer: Answer, near: Sequence[Near], key: int
) -> Explanation:
    """The place of a document in an answer, and what made it; or its place among what is related."""
    live = columns.live.get(query.kind, 0)
    row = next((row for row, each in enumerate(columns.keys) if each == key and live >> row & 1), -1)
    if row < 0:
        return Explanation(key)
    words = {group.surface: _where(on, group, row) for group in answer.plan.groups}
    if not answer.found >> row & 1:
        return Explanation(key, words=words, related=related_place(near, key))
    signals = {name: column[row] for name, column in columns.signals.items()}
    prior = columns.prior(query.signals_off)[row]
    place = answer.rows.index(row) + 1 if row in answer.rows else 0
    if not place:
        return Explanation(key, True, words=words, signals=signals, switched_off=query.signals_off)
    score = answer.scores[place - 1]
    features: dict[str, float] = {}
    first = Ranked(answer.first_rows, answer.first_scores)
    at = first.rows.index(row) if row in first.rows else -1
    text = score / prior
    if at >= 0:
        made = candidates(on, columns, answer.plan, query, first)
        rerank(answer.plan, query, made)
        features = made[at].features
        text = made[at].text
    return Explanation(key, True, place, score, text, words, signals, features, query.signals_off)


def _where(on: Connection, group: Group, row: int) -> str:
    for name, fields in (("title", TITLED), ("text", ANYWHERE)):
        if on.execute(_MATCHES, (expression(group, fields), row)).fetchone():
            return name
    return "nowhere"
