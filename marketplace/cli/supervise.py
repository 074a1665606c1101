"""Keep the web server and the worker running: a child that ends is started again."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent.parent
PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 25


@dataclass
class Child:
    """One supervised process and when it was started last."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_ends: int = 0
    again_at: float | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.started, self.again_at = time.monotonic(), None
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one prctl call
            start_new_session=True,
        )

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def pause(self) -> float:
        """Seconds to wait before the next start: none at first, more when it keeps ending at once."""
        self.quick_ends = self.quick_ends + 1 if time.monotonic() - self.started < 5 else 0
        return min(10.0, 0.2 * 2**self.quick_ends) if self.quick_ends else 0.0


def _die_with_parent() -> None:
    """A child must not outlive a killed supervisor, or it would hold the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def children() -> list[Child]:
    """The web server and the worker, run by this very Python."""
    python = sys.executable
    return [
        Child("web", [python, "-m", "gunicorn", "--config", "python:config.gunicorn", "wsgi:app"]),
        Child("worker", [python, "-m", "marketplace.cli.main", "worker"]),
    ]


def supervise(family: list[Child], say: Callable[[str], None] = click.echo) -> None:
    """Run until SIGTERM or SIGINT; every child that ends before is started again."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for child in family:
        child.start()
    while not stopping:
        for child in family:
            if not child.has_ended:
                continue
            if child.again_at is None:
                wait = child.pause()
                child.again_at = time.monotonic() + wait
                say(f"{child.name} ended; starting it again" + (f" in {wait:.1f} s" if wait else ""))
            elif time.monotonic() >= child.again_at:
                child.start()
        time.sleep(0.1)
    for child in family:
        if child.process is not None and not child.has_ended:
            child.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in family:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)  # with its workers, which would hold the port
            child.process.wait()
