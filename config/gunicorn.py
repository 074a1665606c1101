"""gunicorn: threads wait for other systems, processes share the two cores; metrics are kept per process."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from config.metrics import metrics_folder
from config.settings import Settings

_settings = Settings.from_env()
_host = f"[{_settings.web.host.strip('[]')}]" if ":" in _settings.web.host else _settings.web.host
bind = f"{_host}:{_settings.web.port}"
workers = _settings.web.workers
threads = _settings.web.threads
worker_class = "marketplace.kernel.serving.Worker"  # gunicorn's threads, with our headers on its own refusals
reuse_port = True
# workers are forked from a process that has loaded everything: they share that memory, and a killed one is back at once
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20000
max_requests_jitter = 2000
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
# longer addresses and headers than any of ours are refused before they cost anything
limit_request_line = 8190
limit_request_fields = 100
forwarder_headers = (
    ""  # a proxy beside us may hand on a sender's SCRIPT_NAME: nobody outside says where the site stands
)
_metrics = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR") or metrics_folder(_settings.home))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)


def on_starting(server: Any) -> None:
    """What all workers need is loaded before they are forked; counters of an earlier run are no longer anyone's."""
    _metrics.mkdir(parents=True, exist_ok=True)  # the pages gone through are counted: in a new home they all failed
    application = server.app.wsgi()
    share = getattr(application, "extensions", {}).get("souq_share")
    if share is not None:
        share(application)
    _forget_counts()  # with what the pages gone through have counted


def on_exit(server: Any) -> None:
    """What was counted in memory gives its room back."""
    _forget_counts()


def _forget_counts() -> None:
    """Empty the folder and let it stand: who made it anew in a place open to all might not be us."""
    for path in _metrics.glob("*.db"):
        path.unlink(missing_ok=True)


def child_exit(server: Any, worker: Any) -> None:
    """A worker that ended keeps its counts, not its gauges."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # has no types


def when_ready(server: Any) -> None:
    """Nothing that was loaded before the fork is ever looked at by the collector, so its pages stay shared."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Prepare in the background what the first visitor would otherwise wait for."""
    warm = getattr(worker.wsgi, "extensions", {}).get("souq_warm")
    if warm is not None:
        warm(worker.wsgi)
