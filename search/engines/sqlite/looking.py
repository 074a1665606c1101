"""The second look at the first rows: their titles from the index, their categories from memory."""

import json
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from search import ranking
from search.engines.sqlite.bits import bits_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.expressions import quoted
from search.engines.sqlite.remembered import Ranked
from search.engines.sqlite.rows import frequency, rows_with
from search.engines.sqlite.tables import Connection
from search.plan import Plan
from search.query import Query
from search.rerank import Candidate, Named, weighed
from search.schema import CATEGORY, COMMODITY

# Who is about a concept that more documents have than this is read from the documents at hand.
_COMMON = 5_000
_NO_CONCEPTS: frozenset[str] = frozenset()


Texts = dict[int, Any]  # row -> language first written in, titles and descriptions by language


def looked_again(
    on: Connection, columns: Columns, plan: Plan, query: Query, ordered: Ranked, texts: Texts | None = None
) -> Ranked:
    """The rows with the first hundred in their new order. What is read of texts stands in ``texts`` from then on."""
    first = Ranked(ordered.rows[: ranking.RERANKED], ordered.scores[: ranking.RERANKED])
    if not first.rows or not any(not group.prefix for group in plan.groups):
        return ordered
    scores = weighed(plan, query, _known_candidates(on, columns, plan, query, first, texts)).scores
    keys = columns.keys
    again = sorted(zip([-score for score in scores], [keys[row] for row in first.rows], first.rows, strict=True))
    # What stays behind must not look better than what was lifted: scores compare within one answer.
    return Ranked(
        array("I", [row for _, _, row in again]) + ordered.rows[ranking.RERANKED :],
        array("d", [-score for score, _, _ in again]) + ordered.scores[ranking.RERANKED :],
    )


def _known_candidates(
    on: Connection, columns: Columns, plan: Plan, query: Query, first: Ranked, texts: Texts | None
) -> Sequence[Candidate]:
    """Who found the same rows with the same words in another order looks at the same candidates."""
    kept, off = columns.remembered.candidates, query.signals_off
    name = (query.language, _asked(plan), first.rows.tobytes(), first.scores.tobytes(), off)
    made = kept.get(name)
    if made is None:
        made = kept[name] = tuple(candidates(on, columns, plan, query, first, texts))
    return made


def candidates(
    on: Connection, columns: Columns, plan: Plan, query: Query, first: Ranked, texts: Texts | None = None
) -> list[Candidate]:
    """Rows as the second look sees them."""
    rows, asked = first.rows, _asked(plan)
    titles = _titles(on, columns, query.language, rows, {} if texts is None else texts)
    concepts = _concepts(on, columns, rows, asked) if asked else [_NO_CONCEPTS] * len(rows)
    categories, commodities = columns.keywords.get(CATEGORY), columns.keywords.get(COMMODITY)
    prior = columns.prior(query.signals_off)
    return [
        Candidate(
            score,
            titles.get(row, ()),
            about,
            categories.values(row) if categories else (),
            commodities.values(row) if commodities else (),
            prior[row],
        )
        for row, score, about in zip(rows, first.scores, concepts, strict=True)
    ]


def _asked(plan: Plan) -> frozenset[str]:
    return frozenset([concept for group in (*plan.groups, *plan.unwanted) for concept in group.concepts])


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
    on: Connection, columns: Columns, language: str, rows: Iterable[int], texts: Texts
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


def _concepts(on: Connection, columns: Columns, rows: Sequence[int], asked: Collection[str]) -> list[frozenset[str]]:
    """Which of the concepts asked for each row is about; equal sets are one object."""
    found = [0] * len(rows)
    names = sorted(asked)
    common = {}
    for number, concept in enumerate(names):
        if frequency(on, columns, concept) > _COMMON:
            common[concept] = 1 << number
            continue
        bits = bits_of(rows_with(on, columns, f"concepts : {quoted(concept)}"), columns.length)
        for place, row in enumerate(rows):
            if bits[row >> 3] >> (row & 7) & 1:
                found[place] |= 1 << number
    if common:  # a hundred texts are read sooner than tens of thousands of numbers
        said: dict[int, str] = dict(
            on.execute(
                "SELECT w.rowid, w.concepts FROM json_each(?) AS each"
                " CROSS JOIN search_words AS w ON w.rowid = each.value",
                (json.dumps(list(rows)),),
            )
        )
        for place, row in enumerate(rows):
            for concept in common.keys() & said.get(row, "").split():
                found[place] |= common[concept]
    sets = {
        code: frozenset([concept for number, concept in enumerate(names) if code >> number & 1]) for code in set(found)
    }
    return [sets[code] for code in found]
