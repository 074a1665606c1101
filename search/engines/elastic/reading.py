"""Answers of the server as values."""

from typing import Any

from search.engines.facets import ordered, ranges, selected
from search.highlight import highlights
from search.plan import Plan
from search.query import CERTIFICATE, FacetWanted, Query
from search.results import Facet, FacetRange, Highlight, Hit
from search.schema import SPEC_PREFIX

Json = dict[str, Any]


def hits_of(answer: Json, query: Query, plan: Plan) -> tuple[Hit, ...]:
    """The hits of a page, with highlights made from the stored texts."""
    found = []
    for each in answer["hits"]["hits"]:
        marks: tuple[Highlight, ...] = ()
        if query.highlight:
            texts = each["_source"]["texts"]
            marks = highlights(plan, query.language, texts["original"], texts["titles"], texts["descriptions"])
        found.append(Hit(int(each["fields"]["key"][0]), float(each["_score"] or 0.0), marks))
    return tuple(found)


def facets_of(answer: Json, query: Query) -> tuple[Facet, ...]:
    """The facets that the query wanted, in its order."""
    counted = answer.get("aggregations", {})
    return tuple(_facet(each, counted[f"facet_{number}"], query) for number, each in enumerate(query.facets))


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
    return Facet(
        wanted.field,
        values=() if wanted.edges else ordered(pairs.items(), wanted, chosen),
        ranges=tuple(FacetRange(low, high, counted.get((low, high), 0)) for low, high in spans),
        low=counts.get("low", {}).get("value"),
        high=counts.get("high", {}).get("value"),
    )
