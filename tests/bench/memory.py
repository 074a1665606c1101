"""How much memory a web worker holds after it has served every kind of page."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = (
    "/en", "/en/products", "/de/products?q=kopi", "/zh-hant/products?q=%E5%92%96%E5%95%A1", "/en/products?page=3",
    "/en/sellers", "/id/products?q=gula+kelapa", "/sign-in", "/en/commodities",
    "/en/products?q=organic+coconut+sugar+FOB",
)  # fmt: skip


@dataclass(frozen=True)
class Memory:
    """Megabytes of the largest web worker: its fair share (pages that several processes share are divided among
    them), its own pages alone, and all that it maps; and of the whole web server together."""

    share: float
    own: float
    resident: float
    server: float


def web_memory(home: Path, rounds: int = 15) -> Memory:
    """What gunicorn as it is served holds after ``rounds`` of visits to list, search, product and other pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "wsgi:app"],
        cwd=ROOT,
        env={**kept, "SOUQ_HOME": str(home), "PORT": str(port), "SECRET_KEY": "bench-" + "k" * 40},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        slug = _first_product(port)
        for _ in range(2 * rounds):  # both workers see them
            for path in (*PAGES, slug, f"{slug}/inquiry"):
                _get(port, path)
        workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        found = [_pages(int(worker)) for worker in workers]
        together = sum(one["Pss"] for one in [*found, _pages(server.pid)])
        most = max(found, key=lambda one: one["Pss"])
        own = most["Private_Clean"] + most["Private_Dirty"]
        return Memory(most["Pss"] / 1024, own / 1024, most["Rss"] / 1024, together / 1024)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _pages(pid: int) -> dict[str, int]:
    """Kilobytes by kind, as Linux counts them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            if _get(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web server did not come up")


def _first_product(port: int) -> str:
    page = _get(port, "/en/products")[1]
    start = page.index('href="/en/products/') + len('href="')
    return page[start : page.index('"', start)]


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Language": "en"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
