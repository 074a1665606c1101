"""Lanes with a thread of their own in the worker: what somebody looks for within the second, and what waits for
servers that nobody here knows. Neither waits behind another lane's jobs, nor holds them up.

A thread: what is done here mostly waits for a server or a disk. It sees a task by looking for it, since the process
that queues it may be on another machine.
"""

from __future__ import annotations

import logging
import threading

from flask import Flask, current_app

from marketplace.kernel.database import db
from marketplace.kernel.jobs import Lane, has_due, run_due

LOOKED_SECONDS = {Lane.PROMPT: 0.1, Lane.OUTSIDE: 0.5}
_RESTS_SECONDS = 2.0
_LIMITS = {Lane.PROMPT: 50, Lane.OUTSIDE: 1}  # a lease is for one hanging server, not for twenty in a row
_NAMES = {Lane.PROMPT: "promptly", Lane.OUTSIDE: "outside"}
log = logging.getLogger(__name__)


class Promptly:
    """The thread that does a lane's tasks until ``stop`` is set."""

    def __init__(self, stop: threading.Event, worker: str, lane: Lane = Lane.PROMPT) -> None:
        self._stop = stop
        self._worker = worker
        self._lane = lane
        self._thread: threading.Thread | None = None

    def keep_going(self) -> None:
        """Begin, unless it goes on; inside an application's context. Without a thread the next call tries again."""
        if self._stop.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
        # a daemon: a server that does not answer must not keep a worker that was told to stop
        thread = threading.Thread(target=self._work, args=(application,), name=_NAMES[self._lane], daemon=True)
        try:
            thread.start()
        except RuntimeError:  # other lanes go on meanwhile
            log.exception("jobs.no_thread", extra={"lane": self._lane})
            return
        self._thread = thread

    def has_ended(self, seconds: float) -> bool:
        """Wait so long until the task at hand is done; False where it still is at hand. The event must be set."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _work(self, application: Flask) -> None:
        while not self._stop.is_set():
            with application.app_context():
                if not self._did_some():
                    self._stop.wait(LOOKED_SECONDS[self._lane])

    def _did_some(self) -> bool:
        try:
            if not has_due(self._lane):
                return False
            return run_due(_LIMITS[self._lane], self._stop, self._worker, lane=self._lane) > 0
        except Exception:
            db.session.rollback()
            log.exception("jobs.thread_failed", extra={"lane": self._lane})
            self._stop.wait(_RESTS_SECONDS)
            return False
        finally:
            db.session.remove()
