"""A PostgreSQL that has stopped answering keeps nobody waiting: what it is asked fails within a second or so.

A statement may take its time while the server is well, so time alone tells nothing. Whoever has waited `ASKED_AFTER`
in all, within a page's time, asks the server by a line of its own for the one byte that it gives to everybody
(PostgreSQL's SSLRequest). Where that does not come in time, the connection is given up, and for a short while nobody
else waits for the same server.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

ASKED_AFTER = 0.7  # seconds of waiting, by one thread within `WINDOW_SECONDS`
WINDOW_SECONDS = 3.0  # a page asks much: of a slow server each answer comes, and all of them take too long
ANSWER_SECONDS = 0.4  # for the one byte, connecting included
REST_SECONDS = 0.5
CONNECT_SECONDS = 2  # the least that the driver takes
_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
_ANSWERS = (b"S", b"N")  # yes and no; anything else is said by no PostgreSQL
Place = tuple[str, int]
_rests: dict[Place, float] = {}


class _Waited(threading.local):
    """What this thread has waited for its databases since `begun`, both in seconds."""

    begun = 0.0
    spent = 0.0


_waited = _Waited()


def answers(host: str, port: int) -> bool:
    """Whether a PostgreSQL at this place speaks in time; False at once for a short while after it did not.

    ``host`` is a name, an address or the folder of a socket.
    """
    place = (host, port)
    if _rests.get(place, 0.0) > monotonic():
        return False
    until = monotonic() + ANSWER_SECONDS
    try:
        with _line(host, port) as line:
            line.sendall(_SSL_REQUEST)
            line.settimeout(max(0.01, until - monotonic()))
            is_there = line.recv(1) in _ANSWERS
    except OSError:
        is_there = False
    if is_there:
        _rests.pop(place, None)
    else:
        _rests[place] = monotonic() + REST_SECONDS
    return is_there


def _line(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), ANSWER_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(ANSWER_SECONDS)
        line.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        line.close()
        raise
    return line


def watch(engine: Engine) -> None:
    """Have every connection of a PostgreSQL engine given up when its server has stopped answering."""
    import psycopg

    class Watched(psycopg.Connection[Any]):
        """A connection whose every wait is watched."""

        def wait(self, gen: Any, *args: Any, **more: Any) -> Any:
            return super().wait(_watched(self, gen), *args, **more)

    def _answers_where(connection: Watched) -> bool:
        host = connection.info.hostaddr or connection.info.host  # an address asks no name server
        return not host or host.startswith("@") or answers(host, connection.info.port)

    def _watched(connection: Watched, gen: Any) -> Generator[Any, Any, Any]:
        """The driver's own steps; between them, what is waited is added up."""
        at = monotonic()
        if at - _waited.begun > WINDOW_SECONDS:
            _waited.begun, _waited.spent = at, 0.0
        try:
            asked = gen.send(None)
            while True:
                at = monotonic()
                ready = yield asked
                _waited.spent += monotonic() - at
                if not ready and _waited.spent > ASKED_AFTER:
                    if not _answers_where(connection):
                        connection.pgconn.finish()  # else giving it back to the pool would wait as well
                        raise psycopg.OperationalError("the server has stopped answering")
                    _waited.spent = 0.0
                asked = gen.send(ready)
        except StopIteration as end:
            return end.value

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, more: dict[str, Any]) -> Any:
        host, port = str(more.get("hostaddr") or more.get("host") or ""), more.get("port") or 5432
        is_one = host and "," not in host and str(port).isdigit()  # of several servers the driver finds one by itself
        if is_one and not answers(host, int(port)):
            raise psycopg.OperationalError("the server does not answer")
        return Watched.connect(*args, **{"connect_timeout": CONNECT_SECONDS, **more})
