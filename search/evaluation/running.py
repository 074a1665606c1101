"""Queries of a set asked of an engine, through the very code that serves the site."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from search.engine import Engine
from search.evaluation.fusing import fused
from search.evaluation.sets import AskedQuery
from search.parser import parse
from search.query import MAX_PAGE_SIZE, Query

Run = Mapping[str, list[tuple[str, float]]]  # query -> document and score, best first

# Documents of a plain set have no prices, Incoterms or HS codes: such words are words there.
NO_CONDITIONS = (
    "price", "cup_score", "moisture", "ash", "altitude", "lead_time", "moq", "capacity", "quantity", "incoterm", "hs",
)  # fmt: skip


def plain_query(asked: AskedQuery) -> Query:
    """A query over documents that have texts and nothing else."""
    return parse(asked.text, asked.language, plain=NO_CONDITIONS)


def run(
    engine: Engine,
    queries: Iterable[AskedQuery],
    name_of: Callable[[int], str],
    *,
    read: Callable[[AskedQuery], Query] = plain_query,
    depth: int = MAX_PAGE_SIZE,
    switched_off: Iterable[str] = (),
    dense: float = 0.0,
) -> Run:
    """The first ``depth`` documents (at most a page of 100) of every query, and what is related behind too few;
    ``switched_off`` names what of ranking shall not count.

    With ``dense`` as many are fused in that are nearest by vector, found by words or not, of that weight beside words;
    then nothing related comes behind.
    """
    off = frozenset(switched_off)
    found: dict[str, list[tuple[str, float]]] = {}
    for each in queries:
        query = replace(read(each), size=depth, signals_off=off, related=not dense)
        results = engine.search(query)
        found[each.id] = [(name_of(hit.key), hit.score) for hit in (*results.hits, *results.related)]
        if dense:
            near = [name_of(one.key) for one in engine.neighbours(query, depth)]
            found[each.id] = fused([name for name, _ in found[each.id]], near, dense)[:depth]
    return found
