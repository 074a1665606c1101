"""`souq worker`: the background worker alone."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path

import click

from marketplace.cli.context import with_app

# how long a job may go on after the worker was told to stop; a longer one is given back and begun anew later
PATIENCE_SECONDS = 2.0


@click.command("worker")
@with_app
def command() -> None:
    """Work through queued jobs until told to stop; a job that takes long is then given back."""
    # scikit-learn on two cores is fastest with one thread a process; the web shares the machine
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from marketplace.kernel.outside import settings

    work_until_told(settings().home / "workers")


def work_until_told(folder: Path) -> None:
    """The worker's loop with its signals: SIGTERM and SIGINT end it within seconds, whatever job is at hand."""
    from marketplace.kernel.jobs import Interrupted, work

    stop = threading.Event()

    def end(_number: int, _frame: object) -> None:
        if not stop.is_set():
            stop.set()
            signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)

    def interrupt(_number: int, _frame: object) -> None:
        raise Interrupted

    signal.signal(signal.SIGALRM, interrupt)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with suppress(Interrupted):  # between two jobs there is nothing to give back
        work(stop, folder)
    signal.setitimer(signal.ITIMER_REAL, 0)
