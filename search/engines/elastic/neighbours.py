"""Neighbours of a vector from an index of its own: k nearest in a graph, with the conditions as its filter.

An index belongs to the vectors of one make, and so does its alias: a process asks the index of the vectors that it has,
while another is filled for those to come.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from weakref import finalize

from elasticsearch import Elasticsearch

from search.engines.elastic import writing
from search.engines.elastic.client import Address, Client, read_address
from search.engines.elastic.indices import Indices, is_mapped
from search.engines.elastic.mapping import vector_field
from search.engines.elastic.source import packed
from search.errors import EngineUnavailable
from search.near import AtLeast, Condition, Either, Entry, Is, Neighbour
from search.schema import Schema

_FAMILY = "near"
_BATCH = 500
_PRIORITY = 300  # above the template of the documents, whose pattern fits these names too
# How many of the graph's nodes are looked at for each neighbour wanted, and how many are compared anew with the vectors
# as they were before they were rounded to eight bits: measured by tests.bench.matching_knn. Of a million offers in ten
# segments 600 nodes a segment held 99.8 of the nearest hundred. In one segment, as an index becomes in time, each graph
# is another: 3,000 held from 87.1 to 99.6 (one request of eight may find none), 6,000 87.5, and 8,000 and 10,000 all in
# the worst of them, within 41 ms.
_LOOKED_AT = 100
_LEAST_LOOKED_AT, _MOST_LOOKED_AT = 400, 10_000  # the server looks at no more
# Among offers that are nearly alike, eight bits order little: of 3,000 offers twice as many held 97.5 of the nearest
# hundred, four times as many 99.0, six times 99.4, at no cost that could be measured beside the question itself.
_OVERSAMPLED = 8.0

Json = dict[str, Any]


def open_neighbours(
    url: str,
    make: str,
    dimensions: int,
    words: Iterable[str],
    *,
    api_key: str = "",
    ca_file: str = "",
    time_out: float = 0.6,
) -> "ElasticNeighbours":
    """The index at ``url`` for vectors of one make (small letters and digits); nothing is sent before the first
    call."""
    read = read_address(url)
    address = Address(read.hosts, read.prefix, read.user)
    client = Client(address, api_key=api_key, ca_file=ca_file, time_out=time_out)
    made = ElasticNeighbours(client, address.prefix, make, mappings(dimensions, words))
    finalize(made, client.close)  # whoever keeps indices of several makes lets go of the old ones, maybe while asked
    return made


def mappings(dimensions: int, words: Iterable[str]) -> Json:
    """Vectors rounded to eight bits in a graph; words and numbers to filter by."""
    return {
        "dynamic": "strict",
        "dynamic_templates": [{"numbers": {"path_match": "numbers.*", "mapping": {"type": "double"}}}],
        "properties": {
            "key": {"type": "keyword"},
            "vector": vector_field(dimensions),
            "words": {"properties": {name: {"type": "keyword"} for name in sorted(words)}},
            "numbers": {"type": "object", "dynamic": True},
            "content": {"type": "keyword", "index": False, "doc_values": False},
        },
    }


class _Indices(Indices):
    """The same manner of aliases and rebuilding, with another mapping."""

    def __init__(self, prefix: str, mapping: Json) -> None:
        super().__init__(prefix, Schema(frozenset(), frozenset()))
        self._mapping = mapping

    def is_current(self, client: Elasticsearch) -> bool:
        """Whether there is one index, mapped as this release wants it."""
        found = client.options(ignore_status=404).indices.get_mapping(index=self.live)
        if found.meta.status == 404 or len(found.body) != 1:
            return False
        (each,) = found.body.values()
        fields = {name: own for name, own in self._mapping["properties"].items() if name != "numbers"}
        held = {name: own for name, own in each["mappings"]["properties"].items() if name != "numbers"}
        return is_mapped({"properties": held}, {"properties": fields})

    def _put_template(self, client: Elasticsearch) -> None:
        settings: Json = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "gc_deletes": "1h"}
        client.indices.put_index_template(
            name=self.live,
            index_patterns=[f"{self.live}-*"],
            priority=_PRIORITY,
            template={"settings": settings, "mappings": self._mapping},
        )


class ElasticNeighbours:
    """Entries in an index; all methods may raise EngineUnavailable."""

    def __init__(self, client: Client, prefix: str, make: str, mapping: Json) -> None:
        self._client = client
        self._prefix = f"{prefix}-{_FAMILY}"
        self._indices = _Indices(f"{self._prefix}-{make}", mapping)

    @property
    def name(self) -> str:
        """The alias that is asked."""
        return self._indices.live

    def is_ready(self) -> bool:
        """Whether the index of this make has been filled."""
        with self._client.reading() as client:
            return self._indices.is_current(client)

    def put(self, entries: Iterable[Entry]) -> int:
        """Store entries unless newer versions are there; how many were stored."""
        return self._write([_put(each) for each in entries])

    def remove(self, keys: Mapping[str, int]) -> int:
        """Take entries out as of a version."""
        lines = [_line({"delete": _meta(key, version)}) for key, version in keys.items()]
        return self._write(lines)

    def _write(self, operations: list[str]) -> int:
        with self._client.writing() as client:
            done = 0
            for target in self._indices.targets(client):
                written = writing.run(client, target, operations)
                done = written if target == self._indices.live else done
            return done

    def refresh(self) -> None:
        """Make what was written findable now."""
        with self._client.writing() as client:
            client.indices.refresh(index=self._indices.live)

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Fill a new index while the old one answers and writes reach both, then swap in one step."""
        with self._client.building() as client:
            source = iter(entries)
            batches = iter(lambda: [_put(each) for each in islice(source, _BATCH)], [])
            with self._indices.anew(client) as building:
                return writing.run_all(client, building, batches)

    def nearest(self, vector: Sequence[float], conditions: Sequence[Condition], n: int) -> list[Neighbour]:
        """The ``n`` entries nearest to a vector among those that meet all conditions; nearly all of them are found."""
        with self._client.reading() as client:
            answer = client.search(index=self._indices.live, body=question(vector, conditions, n)).body
        if answer["timed_out"]:
            raise EngineUnavailable("the search engine took too long")
        hits = [(hit["_source"], 2 * float(hit["_score"]) - 1) for hit in answer["hits"]["hits"]]
        found = [Neighbour(own["key"], likeness, own.get("content", "")) for own, likeness in hits]
        return sorted(found, key=lambda each: (-each.likeness, each.key))

    def forget_others(self, makes: Iterable[str]) -> None:
        """Drop the indices and templates of all makes but these and this one."""
        kept = {self._indices.live, *(f"{self._prefix}-{make}" for make in makes)}
        with self._client.building() as client:
            found = client.indices.get(index=f"{self._prefix}-*", allow_no_indices=True, features=["aliases"])
            for name in found.body:
                if not any(name.startswith(f"{each}-") for each in kept):
                    client.options(ignore_status=404).indices.delete(index=name)
            known = client.indices.get_index_template(name=f"{self._prefix}-*")
            for each in known["index_templates"]:
                if each["name"] not in kept:
                    client.options(ignore_status=404).indices.delete_index_template(name=each["name"])

    def drop(self) -> None:
        """Remove everything of this make."""
        with self._client.building() as client:
            self._indices.drop_all(client)

    def close(self) -> None:
        """Close connections."""
        self._client.close()


def question(vector: Sequence[float], conditions: Sequence[Condition], n: int) -> Json:
    """What is sent: the graph is walked among those that meet the conditions, and the best are compared anew."""
    return {
        "knn": {
            "field": "vector",
            "query_vector": [round(float(each), 6) for each in vector],
            "k": n,
            "num_candidates": max(n, min(_MOST_LOOKED_AT, max(_LEAST_LOOKED_AT, _LOOKED_AT * n))),
            "filter": [clause(each) for each in conditions],
            "rescore_vector": {"oversample": _OVERSAMPLED},
        },
        "size": n,
        "_source": ["key", "content"],
        "track_total_hits": False,
    }


def clause(condition: Condition) -> Json:
    """A condition as a filter."""
    if isinstance(condition, Is):
        return {"terms": {f"words.{condition.field}": sorted(condition.values)}}
    if isinstance(condition, Either):
        return {"bool": {"should": [clause(each) for each in condition.conditions], "minimum_should_match": 1}}
    bound = "gte" if isinstance(condition, AtLeast) else "lte"
    return {"range": {f"numbers.{condition.field}": {bound: condition.value}}}


def _put(entry: Entry) -> str:
    source = {
        "key": entry.key,
        "vector": packed(entry.vector),
        "words": {name: list(values) for name, values in entry.words.items() if values},
        "numbers": dict(entry.numbers),
        "content": entry.content,
    }
    return f"{_line({'index': _meta(entry.key, entry.version)})}\n{_line(source)}"


def _meta(key: str, version: int) -> Json:
    return {"_id": key, "version": version, "version_type": "external_gte"}


def _line(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
