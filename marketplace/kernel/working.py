"""The worker's loop: what is short it does itself, what is prompt and what waits for servers outside in threads of
their own, what is long in a process beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from marketplace.kernel.beside import Beside
from marketplace.kernel.database import db
from marketplace.kernel.fullness import is_disk_full
from marketplace.kernel.jobs import Lane, enqueue_periodic, run_due, sweep, take_over
from marketplace.kernel.presence import Presence
from marketplace.kernel.promptly import Promptly

PROMPT_PATIENCE_SECONDS = 4.0  # what is prompt is mostly done in less, unless a server does not answer
log = logging.getLogger(__name__)


def work(stop: threading.Event, folder: Path, command: Callable[[int], list[str]], idle_seconds: float = 0.5) -> None:
    """Work through due tasks until ``stop`` is set; ``folder`` holds the signs of this home's workers.

    ``command`` gives the words of a process that does the one claimed task with this key (see `beside`). Raises
    `Interrupted` where that reached the loop between two tasks; nothing is left claimed then either.
    """
    presence = Presence(folder)
    beside = Beside(stop, presence, command)
    threads = (Promptly(stop, presence.name), Promptly(stop, presence.name, Lane.OUTSIDE))
    try:
        sweep(folder, presence.name)
        _loop(stop, folder, presence.name, beside, threads, idle_seconds)
    finally:
        stop.set()
        try:
            beside.end()
        finally:
            ended = [one.has_ended(PROMPT_PATIENCE_SECONDS) for one in threads]
            if all(ended):
                presence.leave()  # else the sign ends with the process: the next worker takes over what was at hand


def _loop(
    stop: threading.Event,
    folder: Path,
    worker: str,
    beside: Beside,
    threads: Sequence[Promptly],
    idle_seconds: float,
) -> None:
    while not stop.is_set():
        try:
            for one in threads:
                one.keep_going()
            take_over(folder, worker)
            enqueue_periodic()
            tried = run_due(limit=50, stop=stop, worker=worker, lane=Lane.COMMON)
            beside.begin_next()  # last: where no process can be had, what is short goes on
        except Exception as failure:
            db.session.rollback()
            if is_disk_full(failure):
                log.error("jobs.disk_full")
            else:
                log.exception("jobs.loop_failed")
            tried = 0
            stop.wait(2)
        finally:
            db.session.remove()
        if not tried:
            stop.wait(idle_seconds)
