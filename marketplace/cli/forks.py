"""Work in forks of one process that has imported everything: they begin at once, and share what was imported.

The parent must stay plain: when it forks it has no connection open and no thread beside its own.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from config.metrics import metrics_folder
from config.settings import Settings

PR_SET_PDEATHSIG = 1
RUNNING = None


def load_everything(settings: Settings) -> None:
    """Import what web server and worker need, so that no fork has to."""
    # read when prometheus_client is imported; the web server empties the folder at its start
    folder = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(metrics_folder(settings.home)))
    Path(folder).mkdir(parents=True, exist_ok=True)
    from marketplace.app import BLUEPRINTS
    from marketplace.web import warming
    from marketplace.wiring import REACTIONS

    for name in ("gunicorn.app.wsgiapp", "marketplace.kernel.serving", *BLUEPRINTS, *REACTIONS):
        importlib.import_module(name)
    warming.share()


def finished_application(settings: Settings) -> Flask:
    """The web application with its common pages gone through, for a web server that is there at once when it is forked.

    To be called when the database is ready. Whatever is shared is never looked at by the collector again.
    """
    from marketplace.app import create_app
    from marketplace.web import warming

    application = create_app(settings)
    warming.share(application)
    gc.collect()
    gc.freeze()
    return application


class Fork:
    """A running fork: what `subprocess.Popen` is for a command."""

    def __init__(self, run: Callable[[], None], *, is_group: bool = True) -> None:
        """Begin ``run`` in a child; with ``is_group`` it leads a process group and ends when the parent dies."""
        sys.stdout.flush()
        sys.stderr.flush()
        self.code: int | None = RUNNING
        self.pid = os.fork()
        if self.pid == 0:
            os._exit(_finished(run, is_group))

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.code is RUNNING:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, seconds: float | None = None) -> int | None:
        """The exit code; None if it still runs after ``seconds``."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while self.poll() is RUNNING and (deadline is None or time.monotonic() < deadline):
            time.sleep(0.02)
        return self.code

    def signal_group(self, number: int) -> None:
        """Send a signal to the fork and to what it started."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def terminate(self) -> None:
        """Ask the fork to end."""
        if self.poll() is RUNNING:
            os.kill(self.pid, signal.SIGTERM)


def _finished(run: Callable[[], None], is_group: bool) -> int:
    """Run it in the child; gives the exit code. Nothing of the parent's own end is done here."""
    try:
        if is_group:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            if sys.platform == "linux":  # it must not outlive a killed parent, or it would hold the port
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        run()
        code = 0
    except click.ClickException as failure:
        failure.show()
        code = failure.exit_code
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except KeyboardInterrupt:
        code = 130
    except BaseException:  # the child must end here whatever happens
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return code
