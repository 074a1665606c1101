"""One long task at a time, done in a fresh process beside the worker's loop.

A process and no thread: its memory is given back at the end, and arithmetic does not hold up the loop. A fresh one and
no fork: the worker has connections and threads. The child holds the worker's sign open, so that nobody takes the task
over before both have died.
"""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from flask import Flask, current_app

from marketplace.kernel.absence import is_away
from marketplace.kernel.database import db
from marketplace.kernel.fullness import is_disk_full
from marketplace.kernel.jobs import LEASE, Interrupted, Lane, claim, finish_failed, give_back, owe, renew
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.presence import Presence

KILLED_AFTER_SECONDS = 5.0  # after it was told to stop; it interrupts itself before, unless it is deep in arithmetic
DATABASE_AWAY = os.EX_TEMPFAIL  # what a child ends with that could not even give its task back
_LOOKED_SECONDS = 0.2
_RENEWED_SECONDS = LEASE.total_seconds() / 10
log = logging.getLogger(__name__)


class Beside:
    """What a worker does beside its loop: nothing, or one long task in a child that a thread watches."""

    def __init__(self, stop: threading.Event, presence: Presence, command: Callable[[int], list[str]]) -> None:
        self._stop = stop
        self._presence = presence
        self._command = command
        self._is_free = threading.Event()  # and no joining: a thread whose join is interrupted counts as ended
        self._is_free.set()

    def begin_next(self) -> None:
        """Claim the next long task and begin it, unless one is at hand. Raises OSError where no process can be had.

        To be called by the main thread: a child that asks the system to die with its parent dies with the thread that
        began it.
        """
        if self._stop.is_set() or not self._is_free.is_set():
            return
        keys = claim(1, self._presence.name, lane=Lane.LONG)
        if not keys:
            return
        child: subprocess.Popen[bytes] | None = None
        try:
            child = subprocess.Popen(  # noqa: S603 - our own program
                self._command(keys[0]),
                stdin=subprocess.DEVNULL,
                pass_fds=(self._presence.fileno(),),
            )
            application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
            watcher = threading.Thread(target=self._watch, args=(application, keys[0], child), name="beside")
            self._is_free.clear()
            watcher.start()
        except BaseException:
            self._is_free.set()
            if child is not None:
                child.kill()
                child.wait()
            give_back(keys)
            raise

    def end(self) -> None:
        """Wait until the task at hand is done or given back; the event must be set, which tells the child."""
        while not self._is_free.is_set():
            with suppress(Interrupted):  # the child has a patience of its own, and is killed after it
                self._is_free.wait()

    def _watch(self, application: Flask, key: int, child: subprocess.Popen[bytes]) -> None:
        try:
            self._wait_for(application, key, child)
        finally:
            self._is_free.set()

    def _wait_for(self, application: Flask, key: int, child: subprocess.Popen[bytes]) -> None:
        renewed, told = time.monotonic(), None
        while child.poll() is None:
            if told is None and self._stop.is_set():
                child.terminate()
                told = time.monotonic()
            elif told is not None and time.monotonic() - told > KILLED_AFTER_SECONDS:
                child.kill()
            if time.monotonic() - renewed > _RENEWED_SECONDS:
                renewed = time.monotonic()
                if not self._in_context(application, lambda: renew(key, self._presence.name)):
                    child.terminate()  # it is at its end, or somebody else's: this machine slept through the lease
            if told is None:
                self._stop.wait(_LOOKED_SECONDS)
            else:
                time.sleep(_LOOKED_SECONDS)
        self._in_context(application, lambda: self._settle(key, child.returncode))

    def _settle(self, key: int, code: int) -> bool:
        """The child wrote down what it did; where it could not, its task is given back or counts as failed."""
        try:
            task = db.session.get(Task, key)
            if task is None or task.state != TaskState.RUNNING or task.claimed_by != self._presence.name:
                return True
            attempts = task.attempts
            db.session.rollback()
            if self._stop.is_set() or code == DATABASE_AWAY:
                give_back([key])
                log.info("jobs.interrupted", extra={"task": key})
            else:
                finish_failed(key, attempts, ChildProcessError())
                log.error("jobs.child_died", extra={"task": key, "attempts": attempts, "code": code})
        except Exception as failure:
            if is_disk_full(failure) or is_away(failure):
                owe([key])  # what the child could not write either
            raise
        return True

    @staticmethod
    def _in_context(application: Flask, deed: Callable[[], bool]) -> bool:
        """Do it in this thread; a database that does not answer leaves the task to its lease."""
        with application.app_context():
            try:
                return deed()
            except Exception:
                log.exception("jobs.watch_failed")
                return True
            finally:
                db.session.remove()
