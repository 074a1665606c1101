"""The second look at the first rows: their titles from the index, their categories from memory."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from search import ranking
from search.engines.sqlite.bits import bits_of, has
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.expressions import quoted
from search.engines.sqlite.rows import frequency, rows_with
from search.engines.sqlite.tables import Connection
from search.plan import Plan
from search.query import Query
from search.rerank import Candidate, Named, rerank
from search.schema import CATEGORY, COMMODITY

Scored = list[tuple[int, float]]
# Who is about a concept that more documents have than this is read from the documents at hand.
_COMMON = 5_000


Texts = dict[int, Any]  # row -> language first written in, titles and descriptions by language


def looked_again(
    on: Connection, columns: Columns, plan: Plan, query: Query, ordered: Scored, texts: Texts | None = None
) -> Scored:
    """The rows with the first hundred in their new order. What is read of texts stands in ``texts`` from then on."""
    first = ordered[: ranking.RERANKED]
    if not first or not any(not group.prefix for group in plan.groups):
        return ordered
    made = candidates(on, columns, plan, query, first, texts)
    scores = rerank(plan, query, made)
    again = [(-score, columns.keys[row], row) for score, (row, _) in zip(scores, first, strict=True)]
    again.sort()
    # What stays behind must not look better than what was lifted: scores compare within one answer.
    return [(row, -score) for score, _, row in again] + ordered[ranking.RERANKED :]


def candidates(
    on: Connection, columns: Columns, plan: Plan, query: Query, rows: Scored, texts: Texts | None = None
) -> list[Candidate]:
    """Rows as the second look sees them."""
    asked = {concept for group in (*plan.groups, *plan.unwanted) for concept in group.concepts}
    titles = _titles(on, columns, query.language, [row for row, _ in rows], {} if texts is None else texts)
    concepts = _concepts(on, columns, [row for row, _ in rows], asked) if asked else {}
    categories, commodities = columns.keywords.get(CATEGORY), columns.keywords.get(COMMODITY)
    prior = columns.prior(query.signals_off)
    return [
        Candidate(
            score,
            titles.get(row, ()),
            concepts.get(row, ()),
            categories.values(row) if categories else (),
            commodities.values(row) if commodities else (),
            prior[row],
        )
        for row, score in rows
    ]


def texts_of(on: Connection, rows: Iterable[int]) -> Texts:
    """The texts of those rows that can be found."""
    found = on.execute(
        "SELECT d.id, d.texts FROM json_each(?) AS each CROSS JOIN search_documents AS d ON d.id = each.value"
        " WHERE d.is_live = 1",
        (json.dumps(list(rows)),),
    ).fetchall()
    # read at once: a call for each costs more than the reading, and SQLite takes longer to find three values in one
    read = json.loads(f"[{','.join([text for _, text in found])}]")
    return {row: values for (row, _), values in zip(found, read, strict=True)}


def _titles(
    on: Connection, columns: Columns, language: str, rows: list[int], texts: Texts
) -> dict[int, tuple[Named, ...]]:
    """The title in the reader's language and the one first written, of each row."""
    kept, titles, missing = columns.remembered.titles_for(language), dict[int, tuple[Named, ...]](), list[int]()
    for row in rows:
        known = kept.get(row)
        if known is None:
            missing.append(row)
        else:
            titles[row] = known
    if missing:
        read = texts_of(on, missing)
        texts |= read
        for row, (original, written, _) in read.items():
            own, first = written.get(language), written.get(original)
            named = [Named(language, own)] if own else []
            if first and original != language:
                named.append(Named(original, first))
            titles[row] = kept[row] = tuple(named)
    return titles


def _concepts(on: Connection, columns: Columns, rows: list[int], asked: set[str]) -> dict[int, set[str]]:
    """Which of the concepts asked for each row is about."""
    found: dict[int, set[str]] = defaultdict(set)
    common = set()
    for concept in asked:
        if frequency(on, columns, concept) > _COMMON:
            common.add(concept)
            continue
        bits = bits_of(rows_with(on, columns, f"concepts : {quoted(concept)}"), columns.length)
        for row in rows:
            if has(bits, row):
                found[row].add(concept)
    if common:  # a hundred texts are read sooner than tens of thousands of numbers
        texts = on.execute(
            "SELECT w.rowid, w.concepts FROM json_each(?) AS each CROSS JOIN search_words AS w ON w.rowid = each.value",
            (json.dumps(rows),),
        )
        for row, text in texts:
            found[row] |= common.intersection(text.split())
    return found
