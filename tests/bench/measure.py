"""How a page is measured: the WSGI application called directly, CPU time per request, interleaved with its control.

A test client would add its own cost to both sides and flatter the ratio. Runs alternate between the
page and the bare page, so that a machine whose speed drifts slows both alike; only ratios count.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import EnvironBuilder

Call = Callable[[], int]


@dataclass
class Figures:
    """CPU seconds of every counted request."""

    name: str
    seconds: list[float] = field(default_factory=list)
    control: list[float] = field(default_factory=list)
    statements: int = 0
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[max(0, int(len(self.seconds) * 0.99) - 1)]

    @property
    def rate(self) -> float:
        return 1 / self.median if self.median else 0.0

    @property
    def ratio(self) -> float:
        return self.median / statistics.median(self.control) if self.control else 0.0


def getter(
    app: Any, path: str, *, cookie: str = "", expected: int = 200, headers: dict[str, str] | None = None
) -> Call:
    """A call that GETs ``path`` and gives the number of bytes of the answer."""
    made = {"Accept-Language": "en", **(headers or {})}
    if cookie:
        made["Cookie"] = cookie
    url, _, query = path.partition("?")
    base = EnvironBuilder(path=url, query_string=query, headers=made).get_environ()

    def call() -> int:
        status = ""

        def start(line: str, _headers: Any, _exc: Any = None) -> Any:
            nonlocal status
            status = line
            return lambda data: None

        answer = app.wsgi_app(dict(base), start)
        size = sum(len(part) for part in answer)
        if hasattr(answer, "close"):
            answer.close()
        if not status.startswith(str(expected)):
            raise RuntimeError(f"{path} answered {status}, not {expected}")
        return size

    return call


def measured(
    name: str,
    call: Call,
    control: Call,
    *,
    rounds: int = 60,
    warm: int = 5,
    before: Callable[[], object] = lambda: None,
) -> Figures:
    """Interleave ``call`` and ``control``; a control round is ten requests, since one is too short to time.

    ``before`` runs ahead of every call and is not timed.
    """
    figures = Figures(name)
    for _ in range(warm):
        before()
        call()
        control()
    gc.collect()
    gc.freeze()  # as a served worker does: what was loaded before is not looked through again
    for _ in range(rounds):
        before()
        began = time.process_time()
        for _ in range(10):
            control()
        middle = time.process_time()
        call()
        figures.seconds.append(time.process_time() - middle)
        figures.control.append((middle - began) / 10)
    return figures
