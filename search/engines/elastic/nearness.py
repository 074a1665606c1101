"""Documents nearest to what was asked, from the graph of their vectors, under the very filters of the query's hits."""

from typing import Any

from elasticsearch import Elasticsearch

from search import ranking
from search.engines.elastic.body import filters_of, group_clause, matching
from search.engines.elastic.reading import Made, answered
from search.query import Query
from search.related import Embedder, Near, nearest_of, said_of_query, vectors_of

Json = dict[str, Any]
# How many of the graph's nodes are looked at, and how many are compared anew with the vectors as they were before they
# were rounded to eight bits.
_LOOKED_AT = 400
_TAKEN = 5 * ranking.MOST_RELATED  # of equals those with the least keys count, so more than needed come
_OVERSAMPLED = 2.0


def nearest(client: Elasticsearch, index: str, query: Query, made: Made, embedder: Embedder) -> tuple[Near, ...]:
    """Those that meet the query's filters and that its words did not find; nearly all of the nearest are among them."""
    (vector,) = vectors_of(embedder, [said_of_query(made.repair.query)])
    if not vector.any():
        return ()
    asked = question(query, made, embedder.name, vector.tolist())
    hits = answered(client.search(index=index, body=asked).body)["hits"]["hits"]
    return nearest_of(Near(int(hit["fields"]["key"][0]), 2 * float(hit["_score"]) - 1) for hit in hits)


def question(query: Query, made: Made, make: str, vector: list[float]) -> Json:
    """What is sent. Vectors of another make have nothing to do with this one, and are left out."""
    found = [matching(made.plan, is_relaxed=made.is_filled)] if made.plan.groups else []
    unwanted = [group_clause(group) for group in made.plan.unwanted]
    held = [{"term": {"make": make}}, *filters_of(query, query.all_filters)]
    return {
        "knn": {
            "field": "vector",
            "query_vector": [round(each, 6) for each in vector],
            "k": _TAKEN,
            "num_candidates": _LOOKED_AT,
            "filter": {"bool": {"filter": held, "must_not": [*found, *unwanted]}},
            "rescore_vector": {"oversample": _OVERSAMPLED},
        },
        "size": _TAKEN,
        "_source": False,
        "docvalue_fields": ["key"],
        "track_total_hits": False,
    }
