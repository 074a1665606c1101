"""Servers on loopback that take events, well or badly, and the outlet by which tests reach them.

That loopback may be called is said here, by an outlet of the tests' own: the product has no switch for it.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.outlet import Outlet
from marketplace.kernel.uow import transaction
from marketplace.webhooks.models import WebhookDelivery, WebhookEndpoint
from marketplace.webhooks.rules import kinds_of
from marketplace.webhooks.services import add_endpoint
from tests.support.authority import Authority
from tests.support.people import Person

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Got:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class EventServer:
    """What arrived, and how the next requests are answered: 204 unless told otherwise."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.next: deque[Behaviour] = deque()
        self.url = ""
        self.always: Behaviour = answers(204)

    @property
    def kinds(self) -> list[str]:
        return [one.said["type"] for one in self.got]


def answers(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """A plain answer."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        if status != 204:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return behave


def hangs(request: BaseHTTPRequestHandler) -> None:
    """Says nothing for as long as the test has patience."""
    time.sleep(5)


def drips(request: BaseHTTPRequestHandler) -> None:
    """A byte of a header at a time: each arrives before any time-out of a single read."""
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


def floods(request: BaseHTTPRequestHandler) -> None:
    """Two hundred megabytes, as long as somebody reads them."""
    try:
        request.send_response(200)
        request.end_headers()
        for _ in range(3200):
            request.wfile.write(b"y" * 65536)
    except OSError:
        pass


def babbles(request: BaseHTTPRequestHandler) -> None:
    """No HTTP."""
    request.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


@contextmanager
def event_server(secured_by: ssl.SSLContext | None = None) -> Iterator[EventServer]:
    """A server at 127.0.0.1, by TLS where a context is given."""
    state = EventServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            state.got.append(Got(self.path, dict(self.headers.items()), self.rfile.read(length)))
            self.close_connection = True
            (state.next.popleft() if state.next else state.always)(self)

        def log_message(self, *_ignored: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_ignored: object) -> None:
            pass  # who was cut off in the middle

    server = Server(("127.0.0.1", 0), Handler)
    if secured_by is not None:
        server.socket = secured_by.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    state.url = f"http{'s' if secured_by else ''}://127.0.0.1:{server.server_address[1]}/events"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class LoopbackOutlet(Outlet):
    """Reaches 127.0.0.1 and trusts the test's authority; names lead where ``names`` says, one answer a look-up."""

    def __init__(self, authority: Authority | None = None, seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.names: dict[str, deque[Sequence[str]]] = {}
        self.asked: list[str] = []
        if authority is not None:
            self._tls = ssl.create_default_context(cafile=str(authority.file))

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host in self.names:
            turns = self.names[host]
            return list(turns.popleft() if len(turns) > 1 else turns[0])
        return [host]

    def may_reach(self, address: str) -> bool:
        return address == "127.0.0.1" or super().may_reach(address)


@contextmanager
def listening(app: Flask, folder: Path, seconds: float = 1.0) -> Iterator[tuple[EventServer, LoopbackOutlet]]:
    """A server that takes events by TLS, and an application that may reach it."""
    authority = Authority(folder, "events")
    before = app.extensions["souq_outlet"]
    outlet = LoopbackOutlet(authority, seconds)
    with event_server(authority.server()) as server:
        app.extensions["souq_outlet"] = outlet
        try:
            yield server, outlet
        finally:
            app.extensions["souq_outlet"] = before


def an_endpoint(person: Person, url: str, kinds: Sequence[str] = ()) -> tuple[WebhookEndpoint, str]:
    """An endpoint of the person's organisation, of all kinds unless told otherwise, and its secret."""
    with transaction() as session:
        return add_endpoint(session, person.actor, url, kinds or [one.value for one in kinds_of(person.actor.kind)])


def sent_to(session: Session, endpoint: WebhookEndpoint) -> list[WebhookDelivery]:
    """Deliveries to an endpoint, oldest first, as the database has them."""
    session.rollback()
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id).order_by(WebhookDelivery.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def endpoint_now(session: Session, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """An endpoint as the database has it."""
    session.rollback()
    return session.get_one(WebhookEndpoint, endpoint.id, populate_existing=True)
