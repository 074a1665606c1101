"""Keep the web server and the worker running: a child that ends is started again."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask

from marketplace.cli.forks import Fork

ROOT = Path(__file__).parent.parent.parent
GRACE_SECONDS = 25
QUICK = 5.0  # seconds; a child that ends sooner did not get far
LONGEST_PAUSE = 10.0


@dataclass
class Child:
    """One supervised process and when it was started last."""

    name: str
    run: Callable[[], None]
    process: Fork | None = None
    started: float = 0.0
    quick_ends: int = 0
    again_at: float | None = None

    def start(self) -> None:
        self.started, self.again_at = time.monotonic(), None
        self.process = Fork(self.run)

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def pause(self) -> float:
        """Seconds to wait before the next start: few for one that was killed, more for one that keeps failing."""
        is_quick = time.monotonic() - self.started < QUICK
        code = self.process.poll() if self.process else None
        if code is not None and code < 0:
            return 0.2 if is_quick else 0.0
        self.quick_ends = self.quick_ends + 1 if is_quick else 0
        return min(LONGEST_PAUSE, 0.2 * 2**self.quick_ends) if self.quick_ends else 0.0


def serve_web(application: Flask) -> None:
    """gunicorn with its own configuration around a finished application; comes back when it was told to stop."""
    from gunicorn.app.wsgiapp import WSGIApplication

    class Finished(WSGIApplication):  # type: ignore[misc]  # gunicorn has no types
        def load(self) -> Flask:
            return application

    sys.argv = ["gunicorn", "--config", "python:config.gunicorn", "--chdir", str(ROOT), "wsgi:app"]
    Finished("%(prog)s [OPTIONS] [APP_MODULE]").run()


def work_through_jobs() -> None:
    """The background worker."""
    from marketplace.cli.worker import command

    command.main([], standalone_mode=False)


def children(application: Flask) -> list[Child]:
    """The web server and the worker."""
    return [Child("web", lambda: serve_web(application)), Child("worker", work_through_jobs)]


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
            if time.monotonic() >= child.again_at:
                child.start()
        time.sleep(0.05)
    end(family)


def end(family: list[Child]) -> None:
    """Ask all children to stop, and stop for good whoever does not in time."""
    running = [child.process for child in family if child.process is not None and not child.has_ended]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        if process.wait(max(0.1, deadline - time.monotonic())) is None:
            process.signal_group(signal.SIGKILL)  # with its workers, which would hold the port
            process.wait()
