"""When a server is asked, for how long, and when no longer: breaker, pace, and the client that has both."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import pytest

from search.breaker import Breaker
from search.engines.elastic.client import Address, Client
from search.engines.elastic.pace import Pace
from search.errors import EngineUnavailable, KeyRefused, NoTimeLeft
from search.patience import within


class Answering(BaseHTTPRequestHandler):
    """Answers like a server of the right kind, as late as the test wants."""

    late = 0.0

    def do_GET(self) -> None:
        sleep(Answering.late)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def answering(late: float) -> Iterator[str]:
    """The address of a server that answers so many seconds late."""
    Answering.late = late
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def hanging() -> Iterator[str]:
    """The address of a server that takes what it is asked, and never answers: a process that stands still."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def asked(client: Client, patience: float = 1.0) -> bool:
    """Whether a page with so many seconds gets an answer."""
    try:
        with within(patience), client.reading() as server:
            server.info()
    except EngineUnavailable:
        return False
    return True


def test_the_breaker_opens_rests_and_closes() -> None:
    now = [100.0]
    breaker = Breaker(failures=2, rest=5.0, clock=lambda: now[0])
    calls = []

    def call(fails: bool) -> None:
        with breaker.guard():
            calls.append(fails)
            if fails:
                raise EngineUnavailable("down")

    for _ in range(4):
        with pytest.raises(EngineUnavailable):
            call(True)
    assert len(calls) == 2  # the other two did not even try
    now[0] += 6
    with pytest.raises(EngineUnavailable):
        call(True)
    assert len(calls) == 3
    with pytest.raises(EngineUnavailable):
        call(False)
    now[0] += 6
    call(False)
    assert breaker.is_closed
    call(False)
    assert len(calls) == 5


def test_a_server_that_is_only_slow_is_asked_again_soon_and_one_that_is_away_seldom() -> None:
    now = [100.0]
    breaker = Breaker(failures=3, rest=5.0, first_rest=0.5, clock=lambda: now[0])

    def tried(fault: Exception | None) -> bool:
        """Whether the call was made at all."""
        calls = []
        with suppress(EngineUnavailable), breaker.guard():
            calls.append(1)
            if fault is not None:
                raise fault
        return bool(calls)

    away = EngineUnavailable("took too long")
    assert [tried(away) for _ in range(4)] == [True, True, True, False]
    rests = []
    for _ in range(6):
        began = now[0]
        while not tried(away):
            now[0] += 0.25
        rests.append(now[0] - began)
    assert rests == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    now[0] += 5.0
    assert tried(None)
    assert breaker.is_closed
    assert [tried(away) for _ in range(4)] == [True, True, True, False]
    now[0] += 0.5
    assert tried(None)  # after an answer the rests are short again


def test_who_had_no_time_says_nothing_of_the_server() -> None:
    now = [100.0]
    breaker = Breaker(failures=2, rest=5.0, clock=lambda: now[0])
    for _ in range(5):
        with pytest.raises(NoTimeLeft), breaker.guard():
            raise NoTimeLeft("late")
    assert breaker.is_closed
    for _ in range(2):
        with pytest.raises(EngineUnavailable), breaker.guard():
            raise EngineUnavailable("down")
    now[0] += 5.0
    with pytest.raises(NoTimeLeft), breaker.guard():  # it should have tried for the others, and could not
        raise NoTimeLeft("late")
    with breaker.guard():  # so the next one does
        pass
    assert breaker.is_closed


def test_a_try_leaves_time_for_another_node_where_answers_usually_come_soon() -> None:
    alone, many = Pace(1), Pace(3)
    for pace in (alone, many):
        for seconds in (0.01, 0.02, 0.03, 0.6):  # one node hangs
            pace.took(seconds)
    assert alone.allowed(1.0) == 1.0
    assert many.allowed(1.0) == pytest.approx(0.6)
    assert many.allowed(0.5) == 0.5
    for _ in range(15):
        many.took(0.5)
    assert many.allowed(1.0) == 1.0  # all are slow: another would be no quicker
    assert Pace(3).allowed(1.0) == pytest.approx(0.6)
    assert Pace.is_fair(0.6)
    assert not Pace.is_fair(0.1)


def test_an_open_breaker_says_what_it_saw() -> None:
    breaker = Breaker(failures=1, rest=5.0, clock=lambda: 100.0)
    with pytest.raises(KeyRefused), breaker.guard():
        raise KeyRefused("the key has expired")
    with pytest.raises(KeyRefused, match="the key has expired"), breaker.guard():
        pytest.fail("nothing may be tried")


def test_a_slow_server_that_answers_is_no_dead_one() -> None:
    with answering(0.7) as address:
        client = Client(Address((address,)))
        assert all(asked(client) for _ in range(4))
        assert client.breaker.is_closed
        client.close()


def test_beside_a_node_that_hangs_the_other_answers_every_page(hanging: str) -> None:
    with answering(0.0) as address:
        client = Client(Address((hanging, address)))
        began = monotonic()
        assert all(asked(client, 1.5) for _ in range(6))
        assert monotonic() - began < 6  # those that met it first asked the other, and the next pages left it alone
        client.close()


def test_a_server_that_hangs_holds_up_a_few_pages_and_no_more(hanging: str) -> None:
    client = Client(Address((hanging,)), clock=lambda: 100.0)
    began = monotonic()
    assert not any(asked(client, 0.4) for _ in range(40))
    assert monotonic() - began < 4
    assert not client.breaker.is_closed
    client.close()


def test_pages_that_ask_too_late_do_not_shut_the_door(hanging: str) -> None:
    client = Client(Address((hanging,)))
    assert not any(asked(client, 0.05) for _ in range(6))
    assert client.breaker.is_closed
    client.close()
