"""Bulk writes with the versions of the database: the newer wins whatever arrives first."""

import json
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from elasticsearch import Elasticsearch

from search.document import Document, Reference
from search.engines.elastic.source import identifier, source_of, vectors_of
from search.errors import DocumentRefused, EngineUnavailable
from search.related import Embedder

_DONE = frozenset({200, 201})
_OLDER = 409  # a newer version is there already: nothing left to do
_NOT_FOUND = 404
_AT_ONCE = 2  # requests on their way while the next is prepared: a server with two cores has work for both
# How long the server waits for a shard that is away, well below the patience of any client: a rebuild whose index went
# down with a node ends soon, and is not sent again and again into the same wait.
_SHARD_AWAY = "15s"
# All that is read of the answer: a server writes less, and a client reads less.
_OUTCOMES = "items.*._id,items.*.status,items.*.result,items.*.error"

Operation = str  # one or two lines of a bulk request


def put_operations(documents: Sequence[Document], embedder: Embedder | None = None) -> list[Operation]:
    """What stores documents; the index is named by the caller."""
    return [
        f'{{"index":{_meta(document.reference)}}}\n{_line(source_of(document) | vector)}'
        for document, vector in zip(documents, vectors_of(documents, embedder), strict=True)
    ]


def remove_operations(references: Iterable[Reference]) -> list[Operation]:
    """What takes documents out; the server remembers the version for ``gc_deletes``."""
    return [f'{{"delete":{_meta(reference)}}}' for reference in references]


# json.dumps would make an encoder for each line; what a source holds is made for it, and never part of itself.
_line = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _meta(reference: Reference) -> str:
    """By hand: encoding it took a third as long as encoding the document."""
    name = _line(identifier(reference.kind, reference.key))
    return f'{{"_id":{name},"version":{reference.version},"version_type":"external_gte"}}'


def run(client: Elasticsearch, alias: str, operations: Sequence[Operation]) -> int:
    """Send operations to the index of an alias; how many took effect. Older versions are no fault."""
    if not operations:
        return 0
    lines: Sequence[Any] = operations
    answer = client.bulk(index=alias, operations=lines, require_alias=True, timeout=_SHARD_AWAY, filter_path=_OUTCOMES)
    done = 0
    for item in answer["items"]:
        (result,) = item.values()
        status = result["status"]
        if status in _DONE or (status == _NOT_FOUND and result.get("result") == "not_found"):
            done += 1
        elif status != _OLDER:
            _refuse(status, result)
    return done


def run_all(client: Elasticsearch, alias: str, batches: Iterable[Sequence[Operation]]) -> int:
    """Send many batches, a few at a time and in no certain order: versions decide. How many took effect.

    ``batches`` is read here, one ahead of what is on its way; the first fault is raised, and the rest is not sent.
    """
    done = 0
    waiting: deque[Future[int]] = deque()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bulk") as busy:
        try:
            for operations in batches:
                if len(waiting) >= _AT_ONCE:
                    done += waiting.popleft().result()
                waiting.append(busy.submit(copy_context().run, run, client, alias, operations))
            return done + sum(each.result() for each in waiting)
        finally:
            busy.shutdown(cancel_futures=True)


def _refuse(status: int, result: dict[str, Any]) -> None:
    reason = result.get("error", {})
    text = f"{result.get('_id')}: {reason.get('type')}: {reason.get('reason')}"
    if status == 400:
        raise DocumentRefused(text)
    raise EngineUnavailable(text)
