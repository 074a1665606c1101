"""Elasticsearch behind the same contract as the embedded engine."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from time import monotonic, perf_counter
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search import ranking
from search.breaker import Breaker
from search.document import Change, Document, Reference, check
from search.engines.analysing import BATCH, analysed
from search.engines.elastic import body, writing
from search.engines.elastic.client import READ_SECONDS, Address, Client, faults, read_address
from search.engines.elastic.columns import texts_of
from search.engines.elastic.completion import completions, request
from search.engines.elastic.explaining import explained
from search.engines.elastic.indices import Indices
from search.engines.elastic.nearness import nearest, neighbours
from search.engines.elastic.probing import concepts_known, offered, probed
from search.engines.elastic.reading import Found, Made, answered, facets_of, hits_of, page_of
from search.engines.elastic.source import identifier
from search.errors import EngineUnavailable
from search.explanation import Explanation
from search.plan import Plan, make_plan
from search.query import MAX_PAGE_SIZE, RELEVANCE, Query
from search.query import check as check_query
from search.related import Embedder, Embedding, Near, fitting, is_wanted, no_embedding, related
from search.repair import Repair
from search.results import Health, Results, Suggestion
from search.schema import CATALOGUE, Schema

log = logging.getLogger(__name__)
_SCAN = 5_000
_TARGETS_SECONDS = 5.0
_MERGE_SECONDS = 900  # a merge of a large index takes minutes; only the job that asked waits for it


def open_engine(
    url: str,
    *,
    schema: Schema = CATALOGUE,
    embedding: Embedding = no_embedding,
    api_key: str = "",
    ca_file: str = "",
    prefix: str = "",
    time_out: float = READ_SECONDS,
    clock: Callable[[], float] = monotonic,
) -> "ElasticEngine":
    """The engine at ``url``; nothing is sent before the first call."""
    read = read_address(url)
    address = Address(read.hosts, prefix or read.prefix, read.user)
    client = Client(address, api_key=api_key, ca_file=ca_file, time_out=time_out, clock=clock)
    return ElasticEngine(client, Indices(address.prefix, schema), schema, embedding)


class ElasticEngine:
    """Engine over an Elasticsearch cluster."""

    def __init__(self, client: Client, indices: Indices, schema: Schema, embedding: Embedding = no_embedding) -> None:
        self._client = client
        self._embedding = embedding
        self._indices = indices
        self._schema = schema
        self._is_prepared = False
        self._has_vectors = False
        self._near_breaker = Breaker()
        self._near_told = False

    def ensure_schema(self) -> None:
        """Make template, index and alias if they are missing."""
        with self._client.building() as client:
            self._indices.ensure(client)
        self._is_prepared = True

    def put(self, documents: Iterable[Document]) -> int:
        """Store documents unless newer versions are there; how many were stored."""
        self._prepare()
        written = 0
        source, embedder = self._checked(documents), fitting(self._embedding, self._schema)
        if embedder is not None and not self._has_vectors:
            with self._client.reading() as client:
                embedder = self._usable(client)
        while batch := list(islice(source, BATCH)):
            written += self._write(writing.put_operations(batch, embedder))
        return written

    def remove(self, references: Iterable[Reference]) -> int:
        """Take documents out as of a version; how many went (one that was never there counts)."""
        self._prepare()
        return self._write(writing.remove_operations(references))

    def _write(self, operations: list[writing.Operation]) -> int:
        with self._client.writing() as client:
            done = 0
            # a short question first: where nobody answers, the writer is free again soon
            for target in self._indices.targets(client.options(request_timeout=_TARGETS_SECONDS)):
                written = writing.run(client, target, operations)
                done = written if target == self._indices.live else done
            return done

    def refresh(self) -> None:
        """Make what was written findable now."""
        self._prepare()
        with self._client.writing() as client:
            client.indices.refresh(index=self._indices.live)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fill a new index while the old one answers and writes reach both, then swap in one step."""
        self._prepare()
        with self._client.building() as client:
            prepare = partial(writing.put_operations, embedder=fitting(self._embedding, self._schema))
            with self._indices.anew(client) as building:
                return writing.run_all(client, building, analysed(self._checked(documents), prepare))

    def _checked(self, documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            check(document, self._schema)
            yield document

    def search(self, query: Query) -> Results:
        """The page that a query asks for."""
        started = perf_counter()
        check_query(query, self._schema)
        self._prepare()
        with self._client.reading() as client:
            made = self._answered(client, query)
            found = page_of(made.answer, made.repair.query, made.plan)
            texts = self._texts(client, made.repair.query, found)
            near = self._near_or_none(client, query, made)
        hits = hits_of(found, texts, made.repair.query, made.plan)
        return Results(
            total=made.answer["hits"]["total"]["value"],
            hits=hits,
            facets=facets_of(made.answer, made.repair.query),
            did_you_mean=made.repair.text,
            is_repaired=made.repair.is_any,
            is_relaxed=made.is_relaxed,
            unknown_words=made.repair.unknown,
            related=related(near, hits),
            took_ms=(perf_counter() - started) * 1000,
        )

    def explain(self, query: Query, key: int) -> Explanation:
        """Where a document stands under a query, and why."""
        check_query(query, self._schema)
        self._prepare()
        first = replace(query, facets=(), sort=RELEVANCE, page=1, size=MAX_PAGE_SIZE, highlight=False)
        with self._client.reading() as client:
            made = self._answered(client, first)
            single = body.single(made.repair.query, made.plan, key, is_relaxed=made.is_filled)
            own = client.search(index=self._indices.live, body=single).body
            near = self._near(client, replace(first, related=True), made)
        return explained(made, own, near, key)

    def _near_or_none(self, client: Elasticsearch, query: Query, made: Made) -> tuple[Near, ...]:
        """What is related, nothing where the server fails to say: what words found stands without it. Told once."""
        if not is_wanted(query, made.answer["hits"]["total"]["value"]):
            return ()
        try:
            with self._near_breaker.guard(), faults():
                near = self._near(client, query, made)
        except EngineUnavailable as fault:
            if not self._near_told:
                log.warning("search.related_rests", extra={"fault": str(fault)})
            self._near_told = True
            return ()
        self._near_told = False
        return near

    def _near(self, client: Elasticsearch, query: Query, made: Made) -> tuple[Near, ...]:
        """What is related to a query that finds little."""
        embedder = self._usable(client) if is_wanted(query, made.answer["hits"]["total"]["value"]) else None
        return nearest(client, self._indices.live, query, made, embedder) if embedder else ()

    def _usable(self, client: Elasticsearch) -> Embedder | None:
        """The embedder, unless the index is of a release that had no vectors: it would refuse them until rebuilt."""
        embedder = fitting(self._embedding, self._schema)
        if embedder is not None and not self._has_vectors:
            self._has_vectors = self._indices.is_current(client)
        return embedder if self._has_vectors else None

    def _answered(self, client: Elasticsearch, query: Query) -> Made:
        """The answer to a query; when it is short, to what the query may have meant."""
        plan = first = make_plan(query)
        repair = Repair(query, "", ())
        is_relaxed = is_filled = False
        answer = self._run(client, query, plan, is_relaxed=False)
        if plan.groups and answer["hits"]["total"]["value"] < ranking.FILL_BELOW:
            probe = probed(client, self._indices.live, query, plan)
            repair = Repair(query, "", tuple(group.surface for group in probe.unknown))
            if probe.unknown and query.repair:
                repair = offered(client, self._indices.live, query, probe.unknown)
            asked = make_plan(repair.query)
            known = concepts_known(client, self._indices.live, probe.unknown)
            plan = asked.broadened(probe.unknown, known.__contains__).without(probe.unknown)
            if plan != first:
                probe = probed(client, self._indices.live, repair.query, plan)
            is_filled = plan.can_relax and probe.calls_for_more
            if is_filled or plan != first:
                answer = self._run(client, repair.query, plan, is_relaxed=is_filled)
            is_relaxed = is_filled or len(plan.groups) < len(asked.groups)
        return Made(answer, plan, repair, is_relaxed, is_filled)

    def neighbours(self, query: Query, n: int) -> tuple[Near, ...]:
        """The ``n`` documents nearest to a query by vector; nearly all of them are found."""
        check_query(query, self._schema)
        self._prepare()
        with self._client.reading() as client:
            embedder = self._usable(client)
            if embedder is None or n < 1:
                return ()
            made = self._answered(client, replace(query, facets=(), sort=RELEVANCE, page=1, highlight=False))
            return neighbours(client, self._indices.live, query, made, embedder, n)

    def suggest(self, prefix: str, language: str = "en", *, limit: int = 8, kind: str = "") -> list[Suggestion]:
        """Titles that have every word of ``prefix``, the last one as a beginning."""
        asked = request(prefix, language, limit=limit, kind=kind)
        if asked is None:
            return []
        self._prepare()
        with self._client.reading() as client:
            answer = client.search(index=self._indices.live, body=asked)
        return completions(answer.body, language, limit=limit)

    def count(self, kind: str = "") -> int:
        """How many documents can be found."""
        self._prepare()
        wanted = {"term": {"kind": kind}} if kind else {"match_all": {}}
        with self._client.reading() as client:
            return int(client.count(index=self._indices.live, query=wanted)["count"])

    def versions(self) -> Iterator[Reference]:
        """Every document's name and version, as they were when the first was asked for."""
        self._prepare()
        with self._client.building() as client:
            opened = client.options(ignore_status=404).open_point_in_time(index=self._indices.live, keep_alive="2m")
            if opened.meta.status == 404:  # somebody took the index away: then there is nothing in it
                return
            view = opened["id"]
            try:
                after: list[Any] | None = None
                while True:
                    answer = client.search(
                        pit={"id": view, "keep_alive": "2m"},
                        size=_SCAN,
                        sort=[{"_shard_doc": "asc"}],
                        source_includes=["kind", "key"],
                        version=True,  # the one that writes are decided by, also of what was changed by hand
                        search_after=after,
                        track_total_hits=False,
                    )
                    view, hits = answer["pit_id"], answer["hits"]["hits"]
                    for hit in hits:
                        yield Reference(hit["_source"]["kind"], hit["_source"]["key"], hit["_version"])
                    if not hits:
                        return
                    after = hits[-1]["sort"]
            finally:
                with suppress(TransportError, ApiError):  # it ends by itself, and what went wrong before is told
                    client.close_point_in_time(id=view)

    def health(self) -> Health:
        """Whether the cluster answers; never raises."""
        try:
            with self._client.reading() as client:
                is_current = self._indices.is_current(client)
            return Health(is_ready=True, is_current=is_current, documents=self.count() if is_current else 0)
        except EngineUnavailable as fault:
            return Health(is_ready=False, is_current=False, documents=0, detail=str(fault), code=fault.code)

    def drop(self) -> None:
        """Remove everything this engine keeps on the server."""
        with self._client.building() as client:
            self._indices.drop_all(client)
        self._is_prepared = self._has_vectors = False

    def scrub(self) -> None:
        """Merge all segments into one, which leaves removed documents behind."""
        self._prepare()
        with self._client.building() as client:
            patient = client.options(request_timeout=_MERGE_SECONDS)
            patient.indices.forcemerge(index=self._indices.live, max_num_segments=1)

    def revision(self) -> str:
        """Empty: a cluster has no cheap mark of its state."""
        return ""

    def changes(self, since: str, until: str) -> tuple[Change, ...] | None:
        """None, as there are no revisions."""
        return None

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def _prepare(self) -> None:
        if self._is_prepared:
            return
        with self._client.reading() as client:
            self._is_prepared = bool(client.indices.exists_alias(name=self._indices.live))
        if not self._is_prepared:
            self.ensure_schema()

    def _run(self, client: Elasticsearch, query: Query, plan: Plan, *, is_relaxed: bool) -> dict[str, Any]:
        asked = body.request(query, plan, is_relaxed=is_relaxed)
        if query.facets:
            counting = body.counting(query, plan, self._schema, is_relaxed=is_relaxed)
            both = client.msearch(index=self._indices.live, searches=[{}, asked, {}, counting])
            answer, counted = [answered(each) for each in both["responses"]]
            answer["aggregations"] = counted["aggregations"]
            return answer
        return answered(client.search(index=self._indices.live, body=asked).body)

    def _texts(self, client: Elasticsearch, query: Query, found: list[Found]) -> dict[int, dict[str, Any]]:
        """By key, the texts to mark matches in; hits came with theirs, but for those that are long or in none of the
        languages that the reader is likely to get."""
        if not query.highlight or not found:
            return {}
        texts = {each.key: texts_of(each.hit, each.look, query.language) for each in found}
        names = {identifier(query.kind, key): key for key, known in texts.items() if known is None}
        told = {key: known for key, known in texts.items() if known is not None}
        if names:
            # as searched: a newer text would not be the one that was found, and asking for it makes the server refresh
            answer = client.mget(index=self._indices.live, ids=list(names), source_includes=["texts"], realtime=False)
            told |= {names[doc["_id"]]: doc["_source"]["texts"] for doc in answer["docs"] if doc.get("found")}
        return told
