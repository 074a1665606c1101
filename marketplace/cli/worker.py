"""`souq worker`: the background worker alone."""

from __future__ import annotations

import os
import signal
import threading

import click

from marketplace.cli.context import with_app


@click.command("worker")
@with_app
def command() -> None:
    """Work through queued jobs until told to stop."""
    # scikit-learn on two cores is fastest with one thread a process; the web shares the machine
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from marketplace.kernel.jobs import work
    from marketplace.kernel.outside import settings

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    work(stop, settings().home / "workers")
