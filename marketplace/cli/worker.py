"""`souq worker`: the background worker alone, and the process that does one long task for it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from marketplace.cli.context import with_app
from marketplace.cli.forks import PR_SET_PDEATHSIG

# how long a job may go on after the worker was told to stop; a longer one is given back and begun anew later
PATIENCE_SECONDS = 2.0
_LOOKED_SECONDS = 1.0


@click.command("worker")
@with_app
def command() -> None:
    """Work through queued jobs until told to stop; a job that takes long is then given back."""
    # scikit-learn on two cores is fastest with one thread a process; the web shares the machine
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from marketplace.kernel.outside import settings

    work_until_told(settings().home / "workers")


def long_task(key: int) -> list[str]:
    """The words of a process that does this one claimed task for its parent."""
    return [sys.executable, "-m", "marketplace.cli.main", "jobs", "one", str(key), "--parent", str(os.getpid())]


def work_until_told(folder: Path, command: Callable[[int], list[str]] = long_task) -> None:
    """The worker's loop with its signals: SIGTERM and SIGINT end it within seconds, whatever job is at hand."""
    from marketplace.kernel.jobs import Interrupted
    from marketplace.kernel.working import work

    stop = threading.Event()
    _heed(stop)
    with suppress(Interrupted):  # between two jobs there is nothing to give back
        work(stop, folder, command)
    signal.setitimer(signal.ITIMER_REAL, 0)


def do_one(key: int) -> None:
    """Do one task that the parent has claimed; told to stop, end within seconds and leave it to the parent. So it is
    where the database is away: the process ends with a code of its own."""
    from marketplace.kernel.absence import is_away
    from marketplace.kernel.beside import DATABASE_AWAY
    from marketplace.kernel.jobs import Interrupted, run_task

    _heed(threading.Event())
    try:
        run_task(key)
    except Interrupted:
        pass  # what it was about to write is rolled back with the session
    except Exception as failure:
        if is_away(failure):
            sys.exit(DATABASE_AWAY)
        raise
    signal.setitimer(signal.ITIMER_REAL, 0)


def die_with(parent: int) -> None:
    """From now on this process does not outlive ``parent``, which began it, however that ends: the next worker would
    begin the same task beside it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOKED_SECONDS)
        os._exit(1)

    if os.getppid() != parent:  # it died before the system was asked
        os._exit(1)
    threading.Thread(target=look, name="parent", daemon=True).start()


def _heed(stop: threading.Event) -> None:
    """On SIGTERM and SIGINT set ``stop``, and raise `Interrupted` when patience is over."""
    from marketplace.kernel.jobs import Interrupted

    def end(_number: int, _frame: object) -> None:
        if not stop.is_set():
            stop.set()
            signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)

    def interrupt(_number: int, _frame: object) -> None:
        raise Interrupted

    signal.signal(signal.SIGALRM, interrupt)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
