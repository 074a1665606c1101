"""A line to a server that can be made bad: slow, silent, cut, full of nonsense, or behind TLS."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_PIECE = 65_536


class Weather(StrEnum):
    """What happens to requests."""

    FAIR = "fair"
    REFUSED = "refused"  # nobody listens
    RESET = "reset"  # a connection is dropped as soon as something is asked
    SILENT = "silent"  # the request arrives, and no answer ever comes
    SLOW = "slow"  # every answer begins `delay` seconds late
    CUT = "cut"  # the connection ends in the middle of an answer
    NONSENSE = "nonsense"  # an answer, but not one of this kind of server


@dataclass
class Wire:
    """A listener on loopback before one server. ``delay`` and the weather may change at any time."""

    host: str
    port: int
    secured_by: ssl.SSLContext | None = None
    weather: Weather = Weather.FAIR
    delay: float = 0.45
    own_port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread = field(init=False)
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)

    @property
    def address(self) -> str:
        """Where to ask."""
        return f"{'https' if self.secured_by else 'http'}://127.0.0.1:{self.own_port}"

    def set(self, weather: Weather) -> None:
        """Change the weather; lines that are open end, so that the next request meets it."""
        self._wait(self._set(weather))

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self._wait(self._listen())

    def stop(self) -> None:
        """End everything."""
        self._wait(self._close())
        self._wait(self._calm())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _set(self, weather: Weather) -> None:
        self.weather = weather
        if weather is Weather.REFUSED:
            await self._close()
            return
        self._drop()
        await self._listen()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(
                self._serve, "127.0.0.1", self.own_port, ssl=self.secured_by, reuse_address=True
            )
            self.own_port = int(self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._drop()

    async def _calm(self) -> None:
        """Let everything that was under way end, as it does now that no line is open."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=10)

    def _drop(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()
        self._open.clear()

    async def _serve(self, asked: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        self._open.add(answering)
        with suppress(OSError, asyncio.IncompleteReadError):
            there, onward = await asyncio.open_connection(self.host, self.port)
            self._open.add(onward)
            await asyncio.gather(self._requests(asked, onward, answering), self._answers(there, answering))
            onward.close()
            self._open.discard(onward)
        answering.close()
        self._open.discard(answering)

    async def _requests(
        self, asked: asyncio.StreamReader, onward: asyncio.StreamWriter, answering: asyncio.StreamWriter
    ) -> None:
        while piece := await asked.read(_PIECE):
            if self.weather is Weather.RESET:
                answering.transport.abort()
                break
            if self.weather is Weather.NONSENSE:
                answering.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<h1>?</h1")
            elif self.weather is not Weather.SILENT:
                onward.write(piece)
                await onward.drain()
        onward.close()

    async def _answers(self, there: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        while piece := await there.read(_PIECE):
            if self.weather is Weather.SLOW:
                await asyncio.sleep(self.delay)
            if self.weather is Weather.CUT:
                answering.write(piece[: len(piece) // 2])
                await answering.drain()
                break
            answering.write(piece)
            await answering.drain()
        answering.close()


@contextmanager
def a_wire(host: str, port: int, secured_by: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """A line to a server, in fair weather."""
    made = Wire(host, port, secured_by)
    made.start()
    try:
        yield made
    finally:
        made.stop()
