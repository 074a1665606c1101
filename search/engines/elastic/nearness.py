"""Documents nearest to what was asked, from the graph of their vectors, under the very filters of the query's hits."""

from collections.abc import Iterator
from typing import Any

from elasticsearch import Elasticsearch

from search import ranking
from search.engines.elastic.body import filters_of, group_clause, matching
from search.engines.elastic.reading import Made, answered
from search.query import Query
from search.related import Embedder, Near, nearest_of, said_of_query, vectors_of

Json = dict[str, Any]
# How many of the graph's nodes are looked at, and how many are compared anew with vectors of two bytes a number: in the
# graph they are rounded to one.
_LOOKED_AT = 400
_TAKEN = 5 * ranking.MOST_RELATED  # of equals those with the least keys count, so more than needed come
_OVERSAMPLED = 2.0


def nearest(client: Elasticsearch, index: str, query: Query, made: Made, embedder: Embedder) -> tuple[Near, ...]:
    """Those that meet the query's filters and that its words did not find; nearly all of the nearest are among them."""
    found = [matching(made.plan, is_relaxed=made.is_filled)] if made.plan.groups else []
    return nearest_of(_asked(client, index, query, made, embedder, _TAKEN, found))


def neighbours(
    client: Elasticsearch, index: str, query: Query, made: Made, embedder: Embedder, n: int
) -> tuple[Near, ...]:
    """The ``n`` nearest that meet the query's filters, whether its words found them or not, however near."""
    return nearest_of(_asked(client, index, query, made, embedder, n, []), n, least=-1.0)


def _asked(
    client: Elasticsearch, index: str, query: Query, made: Made, embedder: Embedder, n: int, left_out: list[Json]
) -> Iterator[Near]:
    (vector,) = vectors_of(embedder, [said_of_query(made.repair.query)])
    if vector.any():
        asked = question(query, made, embedder.name, vector.tolist(), n, left_out)
        for hit in answered(client.search(index=index, body=asked).body)["hits"]["hits"]:
            yield Near(int(hit["fields"]["key"][0]), 2 * float(hit["_score"]) - 1)


def question(query: Query, made: Made, make: str, vector: list[float], n: int, left_out: list[Json]) -> Json:
    """What is sent. Vectors of another make have nothing to do with this one, and are left out."""
    unwanted = [group_clause(group) for group in made.plan.unwanted]
    held = [{"term": {"make": make}}, *filters_of(query, query.all_filters)]
    return {
        "knn": {
            "field": "vector",
            "query_vector": [round(each, 6) for each in vector],
            "k": n,
            "num_candidates": max(_LOOKED_AT, n),
            "filter": {"bool": {"filter": held, "must_not": [*left_out, *unwanted]}},
            "rescore_vector": {"oversample": _OVERSAMPLED},
        },
        "size": n,
        "_source": False,
        "docvalue_fields": ["key"],
        "track_total_hits": False,
    }
