"""A running site in a folder: `souq serve` with its children, and a look at its database."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SECRET = "crash-tests-only-" + "k" * 40


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the site's database file."""
    connection = sqlite3.connect(home / "souq.sqlite3", timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


class Site:
    """`souq serve --prepare` on a free port; children can be killed and come back by themselves."""

    def __init__(self, home: Path, *, is_prepared: bool = False) -> None:
        self.home = home
        self.words = ["serve"] if is_prepared else ["serve", "--prepare"]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = open(home / "serve.log", "ab")  # noqa: SIM115 - closed in __exit__
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def environment(home: Path, port: int = 8000) -> dict[str, str]:
        """Settings of a site in ``home``."""
        return {
            **os.environ,
            "SOUQ_HOME": str(home),
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": SECRET,
            # each writer comes from an address of its own, as people do
            "TRUSTED_PROXIES": "1",
        }

    def __enter__(self) -> Site:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "marketplace.cli.main", *self.words],
            cwd=ROOT,
            env=self.environment(self.home, self.port),
            stdout=self.log,
            stderr=self.log,
        )
        if self.seconds_until_up(limit=900) >= 900:
            raise RuntimeError((self.home / "serve.log").read_text(errors="replace")[-3000:])
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)
        self.log.close()

    def children(self) -> list[int]:
        """Process ids of everything below the supervisor: gunicorn, its workers, the job worker."""
        assert self.process is not None
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            for task in Path(f"/proc/{parent}/task").glob("*/children"):
                try:
                    below = [int(word) for word in task.read_text().split()]
                except OSError:
                    continue
                found += below
                waiting += below
        return found

    @staticmethod
    def kill(pid: int, number: int) -> None:
        """Send a signal; a process that has ended meanwhile is no fault."""
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return

    def seconds_until_up(self, limit: float = 60, since: float | None = None) -> float:
        """How long it took until /healthz answered, counted from ``since`` (now)."""
        began = since or time.monotonic()
        while time.monotonic() - began < limit:
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except (OSError, urllib.error.URLError):
                time.sleep(0.02)
        return limit

    def forget_tries(self) -> None:
        """An hour passes for the limits: nobody has tried anything lately."""
        connection = sqlite3.connect(self.home / "souq.sqlite3", timeout=30)
        try:
            with connection:
                connection.execute("DELETE FROM tally")
        finally:
            connection.close()

    def due_tasks(self) -> int:
        """How many tasks run, or wait although their time has come."""
        due = "state = 'running' OR (state = 'ready' AND due_at <= strftime('%Y-%m-%d %H:%M:%f', 'now'))"
        return int(rows(self.home, f"SELECT COUNT(*) FROM task WHERE {due}")[0][0])
