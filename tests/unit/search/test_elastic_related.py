"""What is near is an extra: a server that fails to say it costs nothing of what words found. No server is needed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from search.breaker import Breaker
from search.engines.elastic.engine import ElasticEngine, open_engine
from search.engines.elastic.mapping import mappings
from search.errors import EngineUnavailable
from search.parser import parse
from search.schema import CATALOGUE
from tests.contract.search.test_related import Topics

ASKED = replace(parse("coconut sugar", "en"), related=True)
FOUND: dict[str, Any] = {
    "timed_out": False,
    "hits": {"total": {"value": 1}, "hits": [{"_id": "product:7", "_score": 2.0, "fields": {"key": [7]}}]},
}
NEAR: dict[str, Any] = {"timed_out": False, "hits": {"hits": [{"_score": 0.9, "fields": {"key": [4]}}]}}
FAULTS = [(503, {"error": {"type": "unavailable"}, "status": 503}), (200, {**NEAR, "timed_out": True}), (401, {})]


class Cluster(BaseHTTPRequestHandler):
    """Finds one document by words; to what is near it answers whatever the test has put there."""

    near: tuple[int, dict[str, Any]] = (200, NEAR)
    asked_near = 0

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = 200, FOUND
        if b'"knn"' in body:
            Cluster.asked_near += 1
            status, answer = Cluster.near
        elif "_msearch" in self.path:
            answer = {"responses": [FOUND] * (body.count(b"\n") // 2)}
        elif "_mapping" in self.path:
            answer = {"souq-1": {"mappings": mappings(CATALOGUE)}}
        told = b"" if self.command == "HEAD" else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = do_HEAD = handle_any  # noqa: N815 - the base class looks for these

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def engine() -> Iterator[ElasticEngine]:
    Cluster.near, Cluster.asked_near = (200, NEAR), 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cluster)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = open_engine(f"http://127.0.0.1:{server.server_address[1]}", embedding=Topics, time_out=20.0)
    yield made
    made.close()
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_near_comes_behind_what_is_found(engine: ElasticEngine) -> None:
    found = engine.search(ASKED)
    assert ([each.key for each in found.hits], [each.key for each in found.related]) == ([7], [4])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_there_leaves_what_words_found_and_is_told_once(
    engine: ElasticEngine, fault: tuple[int, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    Cluster.near = fault
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            found = engine.search(ASKED)
            assert (found.total, [each.key for each in found.hits], found.related) == (1, [7], ())
    assert [each.message for each in caplog.records] == ["search.related_rests"]
    Cluster.near = (200, NEAR)
    assert engine.search(ASKED).related


def test_after_some_faults_it_is_not_asked_for_a_while(engine: ElasticEngine) -> None:
    engine._near_breaker = Breaker(clock=lambda: 0.0)
    Cluster.near = FAULTS[1]
    for _ in range(5):
        assert engine.search(ASKED).hits
    assert Cluster.asked_near == 3


def test_who_asks_why_hears_of_the_fault(engine: ElasticEngine) -> None:
    Cluster.near = FAULTS[0]
    with pytest.raises(EngineUnavailable):
        engine.explain(ASKED, 4)
