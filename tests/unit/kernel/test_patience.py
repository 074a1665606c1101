"""Whether a PostgreSQL is there is told by one byte, in time, whatever it is that listens."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from marketplace.kernel import patience
from marketplace.kernel.patience import ANSWER_SECONDS, answers

Speaks = Callable[[socket.socket], None]


RESTS = 60.0  # seconds: however busy the machine is, it is not over meanwhile


@pytest.fixture(autouse=True)
def _nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_rests", {})
    monkeypatch.setattr(patience, "REST_SECONDS", RESTS)


@contextmanager
def listening(listener: socket.socket, speaks: Speaks) -> Iterator[list[bytes]]:
    """Something that listens and answers by ``speaks``; gives what it was asked."""
    asked: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _peer = listener.accept()
                with line, suppress(OSError):
                    asked.append(line.recv(8))
                    speaks(line)

    listener.listen()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield asked
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)


@contextmanager
def on_loopback(speaks: Speaks) -> Iterator[int]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with listening(listener, speaks):
        yield port


@pytest.mark.parametrize(
    ("said", "is_there"),
    [(b"N", True), (b"S", True), (b"HTTP/1.1 400 Bad Request\r\n", False), (b"", False), (b"\x00", False)],
)
def test_only_what_postgresql_says_is_an_answer(said: bytes, is_there: bool) -> None:
    with on_loopback(lambda line: line.sendall(said)) as port:
        assert answers("127.0.0.1", port) is is_there


def test_silence_is_waited_for_once_and_not_again_for_a_while() -> None:
    asked: list[float] = []

    def hang(_line: socket.socket) -> None:
        asked.append(time.monotonic())
        time.sleep(2 * ANSWER_SECONDS)

    with on_loopback(hang) as port:
        began = time.monotonic()
        assert not answers("127.0.0.1", port)
        assert time.monotonic() - began >= ANSWER_SECONDS
        assert not answers("127.0.0.1", port)
    assert len(asked) == 1


def test_who_rested_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [b"?", b"N"]
    with on_loopback(lambda line: line.sendall(words.pop(0))) as port:
        assert not answers("127.0.0.1", port)
        assert not answers("127.0.0.1", port)
        assert words == [b"N"]
        monkeypatch.setattr(patience, "monotonic", lambda: time.monotonic() + RESTS)
        assert answers("127.0.0.1", port)
        assert not words


def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        assert not answers("127.0.0.1", taken.getsockname()[1])


def test_a_socket_in_a_folder_is_asked_the_same(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / ".s.PGSQL.5432"))
    with listening(listener, lambda line: line.sendall(b"N")) as asked:
        assert answers(str(tmp_path), 5432)
        assert asked == [bytes.fromhex("0000000804d2162f")]
    assert not answers(str(tmp_path / "nowhere"), 5432)
