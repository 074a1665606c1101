"""The worker's loop: what is short it does itself, what is long in a process beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from marketplace.kernel.beside import Beside
from marketplace.kernel.database import db
from marketplace.kernel.jobs import enqueue_periodic, run_due, sweep, take_over
from marketplace.kernel.presence import Presence

log = logging.getLogger(__name__)


def work(stop: threading.Event, folder: Path, command: Callable[[int], list[str]], idle_seconds: float = 0.5) -> None:
    """Work through due tasks until ``stop`` is set; ``folder`` holds the signs of this home's workers.

    ``command`` gives the words of a process that does the one claimed task with this key (see `beside`). Raises
    `Interrupted` where that reached the loop between two tasks; nothing is left claimed then either.
    """
    presence = Presence(folder)
    beside = Beside(stop, presence, command)
    try:
        sweep(folder, presence.name)
        _loop(stop, folder, presence.name, beside, idle_seconds)
    finally:
        stop.set()
        try:
            beside.end()
        finally:
            presence.leave()


def _loop(stop: threading.Event, folder: Path, worker: str, beside: Beside, idle_seconds: float) -> None:
    while not stop.is_set():
        try:
            take_over(folder, worker)
            enqueue_periodic()
            tried = run_due(limit=50, stop=stop, worker=worker, long=False)
            beside.begin_next()  # last: where no process can be had, what is short goes on
        except Exception:
            db.session.rollback()
            log.exception("jobs.loop_failed")
            tried = 0
            stop.wait(2)
        finally:
            db.session.remove()
        if not tried:
            stop.wait(idle_seconds)
