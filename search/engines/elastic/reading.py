"""Answers of the server as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from search import ranking
from search.engines.elastic.body import PART, is_looked_at_again
from search.engines.elastic.columns import Look, lifted, look_of
from search.engines.facets import ordered, ranges, selected
from search.errors import EngineUnavailable
from search.highlight import Marker
from search.plan import Plan
from search.query import CERTIFICATE, FacetWanted, Query
from search.repair import Repair
from search.rerank import Candidate, Named, rerank
from search.results import Facet, FacetRange, Hit
from search.schema import SPEC_PREFIX

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What the server answered to what in the end was asked; ``is_filled`` says that documents with most of the words
    are among the hits, ``is_relaxed`` also that words nobody has were left out."""

    answer: Json
    plan: Plan
    repair: Repair
    is_relaxed: bool
    is_filled: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of the server, with the score it shall have."""

    hit: Json
    score: float
    look: Look

    @property
    def key(self) -> int:
        """The key of the document."""
        return int(self.hit["fields"]["key"][0])


def answered(answer: Json) -> Json:
    """The answer to one search, whole; EngineUnavailable where it is none."""
    if "error" in answer:  # of several searches each may fail by itself
        raise EngineUnavailable(f"the search engine answered {answer['status']} {answer['error'].get('type', '')}")
    if answer["timed_out"]:
        raise EngineUnavailable("the search engine took too long")
    return answer


def page_of(answer: Json, query: Query, plan: Plan) -> list[Found]:
    """The hits of the query's page; the first hundred get a second look, as on every engine."""
    hits = answer["hits"]["hits"]
    found = [Found(each, float(each["_score"] or 0.0), look_of(each)) for each in hits]
    if not is_looked_at_again(query, plan):
        return found
    first = found[: ranking.RERANKED]
    scores = rerank(plan, query, [candidate_of(each.hit, each.look, query) for each in first])
    again = [Found(each.hit, score, each.look) for each, score in zip(first, scores, strict=True)]
    again.sort(key=lambda each: (-each.score, each.key))
    return [*again, *found[ranking.RERANKED :]][query.offset : query.offset + query.size]


def candidate_of(hit: Json, look: Look, query: Query) -> Candidate:
    """A hit as the second look sees it: the title in the reader's language and the one first written."""
    wanted = dict.fromkeys((query.language, look.original))
    titles = [Named(each, look.titles[each]) for each in wanted if look.titles.get(each)]
    score, concepts = float(hit["_score"] or 0.0), frozenset(look.concepts)
    return Candidate(score, titles, concepts, look.categories, look.commodities, lifted(hit, query))


def hits_of(found: Iterable[Found], texts: Mapping[int, Json], query: Query, plan: Plan) -> tuple[Hit, ...]:
    """Hits with highlights made from the stored texts."""
    every = list(found)
    stored = {each.key: texts[each.key] for each in every if each.key in texts}
    said = [(text["original"], text["titles"], text["descriptions"]) for text in stored.values()]
    marks = dict(zip(stored, Marker(plan, query.language).highlights(said), strict=True))
    return tuple(Hit(each.key, each.score, marks.get(each.key, ())) for each in every)


def facets_of(answer: Json, query: Query) -> tuple[Facet, ...]:
    """The facets that the query wanted, in its order."""
    counted = answer.get("aggregations", {})
    return tuple(_facet(each, _counts(counted, f"facet_{number}"), query) for number, each in enumerate(query.facets))


def _counts(counted: Json, name: str) -> Json:
    """The counts of one facet, whether they stand under its filters or alone."""
    found: Json | None = counted.get(name)
    if found is not None:
        return found
    start = f"{name}{PART}"
    return {part.removeprefix(start): count for part, count in counted.items() if part.startswith(start)}


def _facet(wanted: FacetWanted, counts: Json, query: Query) -> Facet:
    if wanted.field == CERTIFICATE:
        counts = counts["nested"]["valid"]
    elif wanted.field.startswith(SPEC_PREFIX):
        counts = counts["nested"]["named"]
    pairs = {
        str(bucket["key"]): int(bucket["doc_count"])
        for part in ("values", "chosen")
        for bucket in counts.get(part, {}).get("buckets", ())
    }
    chosen = selected(wanted.field, query.all_filters)
    spans = ranges(wanted.edges) if wanted.edges else []
    buckets = counts.get("ranges", {}).get("buckets", ())
    counted = {(bucket.get("from"), bucket.get("to")): int(bucket["doc_count"]) for bucket in buckets}
    span = counts.get("span", {})
    return Facet(
        wanted.field,
        values=() if wanted.edges else ordered(pairs.items(), wanted, chosen),
        ranges=tuple(FacetRange(low, high, counted.get((low, high), 0)) for low, high in spans),
        low=span.get("min"),
        high=span.get("max"),
    )
