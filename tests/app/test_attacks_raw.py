"""T5 on the wire: bytes that never become a request of the application are refused with the security headers, too."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.kernel.http import HEADERS
from tests.support.application import prepared_database

ROOT = Path(__file__).parent.parent.parent
HOST = b"Host: localhost\r\n"
MARK = b"zq7marker"
FORM = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
RAW: dict[str, bytes] = {
    "no request line": b"\x00\x01\x02 " + MARK + b"\r\n\r\n",
    "words": MARK + b"\r\n\r\n",
    "one word too many": b"GET / / HTTP/1.1\r\n" + HOST + b"\r\n",
    "odd method": b"G<T / HTTP/1.1\r\n" + HOST + b"\r\n",
    "odd version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "address of 9 kB": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "address of 200 kB": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "header of 9 kB": b"GET / HTTP/1.1\r\n" + HOST + b"X-Long: " + b"a" * 9000 + b"\r\n\r\n",
    "header of 300 kB": b"GET / HTTP/1.1\r\n" + HOST + b"X-Long: " + b"a" * 300_000 + b"\r\n\r\n",
    "200 headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n",
    "header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": " + MARK + b"\r\n\r\n",
    "space in a name": b"GET / HTTP/1.1\r\n" + HOST + b"X Y: 1\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X-Y: a\x00b\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X-Y: a\r\n b\r\n\r\n",
    "two lengths": FORM + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "negative length": FORM + b"Content-Length: -1\r\n\r\n",
    "length in words": FORM + b"Content-Length: many\r\n\r\n",
    "length and chunks": FORM + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": FORM + b"Transfer-Encoding: zq\r\n\r\n",
    "chunked twice": FORM + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunk without a size": FORM + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na=b\r\n0\r\n\r\n",
    "chunk of a negative size": FORM + b"Transfer-Encoding: chunked\r\n\r\n-1\r\na=b\r\n0\r\n\r\n",
    "odd expectation": FORM + b"Expect: magic\r\nContent-Length: 0\r\n\r\n",
    "length too large": FORM + b"Content-Length: 99999999999\r\n\r\n",
    "multipart without a border": b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\n"
    b"Content-Length: 3\r\n\r\nabc",
    "address of another site": b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "a place for the site": b"GET /no/such/page HTTP/1.1\r\n" + HOST + b"SCRIPT_NAME: /no\r\n\r\n",
    "a wrong place for the site": b"GET /no/such/page HTTP/1.1\r\n" + HOST + b"SCRIPT_NAME: /zq\r\n\r\n",
    "no route": b"GET /no/such/page HTTP/1.1\r\n" + HOST + b"\r\n",
    "method not allowed": b"DELETE /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
}
BECOMES_A_PAGE = {"address of another site", "no host"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """gunicorn as `souq serve` starts it, on an empty database."""
    home = tmp_path_factory.mktemp("raw")
    prepared_database(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    env = {**os.environ, "SOUQ_HOME": str(home), "SECRET_KEY": "k" * 40, "PORT": str(number)}
    with open(home / "serve.log", "wb") as log:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "wsgi:app"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            assert _answered(number, process), (home / "serve.log").read_text()[-2000:]
            yield number
        finally:
            process.terminate()
            process.wait(30)
    written = (home / "serve.log").read_text()
    assert "127.0.0.1" not in written.replace(f"http://127.0.0.1:{number}", "")
    assert MARK.decode() not in written


def _answered(number: int, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(600):
        try:
            return asked(number, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") != b""
        except OSError:
            if process.poll() is not None:
                return False
            time.sleep(0.1)
    return False


def asked(number: int, raw: bytes) -> bytes:
    """Everything that comes back until the server closes or says no more."""
    with socket.create_connection(("127.0.0.1", number), timeout=10) as line:
        try:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it was refused before it had been sent whole
        got = b""
        try:
            while part := line.recv(65536):
                got += part
        except OSError:
            pass  # what was not read is answered by a reset behind the answer
        return got


@pytest.mark.parametrize("name", RAW)
def test_t5_whatever_comes_over_the_wire_is_answered_with_the_headers(port: int, name: str) -> None:
    answer = asked(port, RAW[name])
    assert answer, "no answer at all"
    head, _blank, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ")[1])
    assert status < 500, lines[0]
    assert (status >= 400) is (name not in BECOMES_A_PAGE), lines[0]
    given = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines[1:]}
    for header, value in HEADERS.items():
        assert given.get(header.lower()) == value, header
    assert b"evil.example" not in answer
    if status == 400:
        assert MARK not in body
    healthy = asked(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert healthy.startswith(b"HTTP/1.1 200")
