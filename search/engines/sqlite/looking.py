"""The second look at the first rows: their titles from the index, their categories from memory."""

import json

from search import ranking
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.tables import Connection
from search.plan import Plan
from search.query import Query
from search.rerank import Candidate, Named, rerank
from search.schema import CATEGORY, COMMODITY

Scored = list[tuple[int, float]]


def looked_again(on: Connection, columns: Columns, plan: Plan, query: Query, ordered: Scored) -> Scored:
    """The rows with the first hundred in their new order."""
    first = ordered[: ranking.RERANKED]
    if not first or not any(not group.prefix for group in plan.groups):
        return ordered
    made = candidates(on, columns, plan, query, first)
    scores = rerank(plan, query, made)
    again = [(-score, columns.keys[row], row) for score, (row, _) in zip(scores, first, strict=True)]
    again.sort()
    # What stays behind must not look better than what was lifted: scores compare within one answer.
    return [(row, -score) for score, _, row in again] + ordered[ranking.RERANKED :]


def candidates(on: Connection, columns: Columns, plan: Plan, query: Query, rows: Scored) -> list[Candidate]:
    """Rows as the second look sees them."""
    asked = {concept for group in (*plan.groups, *plan.unwanted) for concept in group.concepts}
    titles = _titles(on, query.language, [row for row, _ in rows])
    concepts = _concepts(on, [row for row, _ in rows], asked) if asked else {}
    categories, commodities = columns.keywords.get(CATEGORY), columns.keywords.get(COMMODITY)
    return [
        Candidate(
            score,
            titles.get(row, ()),
            concepts.get(row, ()),
            categories.values(row) if categories else (),
            commodities.values(row) if commodities else (),
        )
        for row, score in rows
    ]


def _titles(on: Connection, language: str, rows: list[int]) -> dict[int, list[Named]]:
    """The title in the reader's language and the one first written, of each row."""
    found = on.execute(
        "SELECT d.id, d.texts ->> '$[0]', d.texts ->> ?, d.texts ->> ('$[1].' || (d.texts ->> '$[0]'))"
        " FROM json_each(?) AS each CROSS JOIN search_documents AS d ON d.id = each.value WHERE d.is_live = 1",
        (f"$[1].{language}", json.dumps(rows)),
    )
    titles: dict[int, list[Named]] = {}
    for row, original, own, first in found:
        titles[row] = [Named(language, own)] if own else []
        if first and original != language:
            titles[row].append(Named(original, first))
    return titles


def _concepts(on: Connection, rows: list[int], asked: set[str]) -> dict[int, set[str]]:
    """Which of the concepts asked for each row is about."""
    found = on.execute(
        "SELECT w.rowid, w.concepts FROM json_each(?) AS each CROSS JOIN search_words AS w ON w.rowid = each.value",
        (json.dumps(rows),),
    )
    return {row: asked.intersection(text.split()) for row, text in found}
