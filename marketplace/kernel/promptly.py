"""What somebody looks for within the second: a lane of its own in the worker, which waits behind no other job.

A thread: what is prompt is short, and mostly waits for a server or a disk. It sees a task by looking for it, since the
process that queues it may be on another machine.
"""

from __future__ import annotations

import logging
import threading

from flask import Flask, current_app

from marketplace.kernel.database import db
from marketplace.kernel.jobs import Lane, has_due, run_due

LOOKED_SECONDS = 0.1
_RESTS_SECONDS = 2.0
_LIMIT = 50
log = logging.getLogger(__name__)


class Promptly:
    """The thread that does prompt tasks until ``stop`` is set."""

    def __init__(self, stop: threading.Event, worker: str) -> None:
        self._stop = stop
        self._worker = worker
        self._thread: threading.Thread | None = None

    def keep_going(self) -> None:
        """Begin, unless it goes on; inside an application's context. Without a thread the next call tries again."""
        if self._stop.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
        # a daemon: a server that does not answer must not keep a worker that was told to stop
        thread = threading.Thread(target=self._work, args=(application,), name="promptly", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # what is not prompt goes on meanwhile
            log.exception("jobs.no_prompt_thread")
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
                    self._stop.wait(LOOKED_SECONDS)

    def _did_some(self) -> bool:
        try:
            if not has_due(Lane.PROMPT):
                return False
            return run_due(_LIMIT, self._stop, self._worker, lane=Lane.PROMPT) > 0
        except Exception:
            db.session.rollback()
            log.exception("jobs.prompt_failed")
            self._stop.wait(_RESTS_SECONDS)
            return False
        finally:
            db.session.remove()
