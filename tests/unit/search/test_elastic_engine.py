"""Elasticsearch that is away, slow or odd: a clear fault soon, and whole again by itself. No server is needed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import pytest

from search.engine import connect
from search.engines.elastic.body import request
from search.engines.elastic.client import read_address
from search.engines.elastic.indices import is_mapped
from search.engines.elastic.mapping import mappings
from search.errors import EngineUnavailable
from search.parser import parse
from search.patience import within
from search.plan import make_plan
from search.query import Query
from search.schema import CATALOGUE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nothing_listens() -> None:
    engine = connect(f"http://127.0.0.1:{free_port()}")
    started = monotonic()
    for _ in range(6):
        with pytest.raises(EngineUnavailable) as fault:
            engine.search(Query())
        assert "127.0.0.1" not in str(fault.value)
    assert monotonic() - started < 1.5
    health = engine.health()
    assert not health.is_ready
    assert health.detail
    engine.close()


class Odd(BaseHTTPRequestHandler):
    """Answers with whatever the test has put into ``answer``."""

    answer: tuple[int, bytes, float] = (200, b"{}", 0.0)

    def handle_any(self) -> None:
        status, body, wait = Odd.answer
        sleep(wait)
        with suppress(BrokenPipeError, ConnectionResetError):  # the client gave up on a slow answer: as it should
            self.reply(status, body)

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any  # noqa: N815 - the base class looks for these

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def odd_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "answer", [(500, b"{}", 0.0), (429, b"{}", 0.0), (200, b"<html>", 0.0), (401, b"{}", 0.0), (200, b"{}", 1.2)]
)
def test_odd_answers(odd_server: str, answer: tuple[int, bytes, float]) -> None:
    Odd.answer = answer
    engine = connect(odd_server, time_out=0.3)
    started = monotonic()
    with pytest.raises(EngineUnavailable):
        engine.search(Query())
    assert monotonic() - started < 30  # it ends by itself; how fast is for the bench
    assert not engine.health().is_ready or answer[1] == b"{}"
    engine.close()


def test_a_caller_without_time_asks_nobody(odd_server: str) -> None:
    Odd.answer = (500, b"{}", 0.0)
    engine = connect(odd_server, time_out=20.0)
    with pytest.raises(EngineUnavailable, match="took too long"), within(0.0):
        engine.search(Query())
    with pytest.raises(EngineUnavailable, match="answered 500"):
        engine.search(Query())
    engine.close()


def test_a_mapping_is_compared_field_by_field() -> None:
    wanted = mappings(CATALOGUE)
    assert is_mapped(mappings(CATALOGUE), wanted)
    assert is_mapped({**wanted, "date_detection": False}, wanted)  # a server may say more
    for change in (
        lambda made: made["properties"].pop("key"),
        lambda made: made["properties"].update(buyer_notes={"type": "keyword"}),
        lambda made: made["properties"]["key"].update(type="text"),
        lambda made: made["properties"]["keywords"]["properties"].pop("commodity"),
        lambda made: made.update(dynamic="true"),
        lambda made: made.pop("_meta"),
        lambda made: made["_meta"]["signals"].update(freshness=0.5),
    ):
        made = deepcopy(wanted)
        change(made)
        assert not is_mapped(made, wanted)


def test_addresses() -> None:
    read = read_address("https://ann:p%40ss@one.example:9201,two.example/goods")
    assert read.hosts == ("https://one.example:9201", "https://two.example:443")
    assert read.prefix == "goods"
    assert read.user == ("ann", "p@ss")
    assert read_address("http://[::1]:9200").hosts == ("http://[::1]:9200",)
    whole = read_address("http://one.example:9200,http://two.example:9201/goods")
    assert whole.hosts == ("http://one.example:9200", "http://two.example:9201")
    assert whole.prefix == "goods"


def test_what_people_type_is_only_ever_a_value() -> None:
    text = 'password:* OR "x" {"match_all":{}}'
    query = parse(text)
    body = request(query, make_plan(query), is_relaxed=True)

    def names(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield name
                yield from names(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from names(inner)

    used = set(names(body))
    assert not used & {"query_string", "simple_query_string", "script", "script_score", "wildcard", "regexp"}
    assert not any("password" in name for name in used)


def test_the_mapping_is_strict_and_complete() -> None:
    made = mappings(CATALOGUE)
    assert made["dynamic"] == "strict"
    assert set(made["properties"]["keywords"]["properties"]) == CATALOGUE.keywords
    assert set(made["properties"]["numbers"]["properties"]) == CATALOGUE.numbers
