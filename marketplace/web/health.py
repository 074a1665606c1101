"""Health: is the process alive, can it reach what it needs, and what has it counted."""

from __future__ import annotations

import ipaddress
import time
from functools import lru_cache

from flask import Blueprint, Flask, Request, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

from marketplace.kernel.errors import NotFound
from marketplace.web.checks import ready_checks

bp = Blueprint("health", __name__)
REQUESTS = Counter("souq_requests", "Requests by route, method and status", ["route", "method", "status"])
SECONDS = Histogram(
    "souq_request_seconds",
    "Server time by route",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database, search and queue, each named; 503 when one is missing. Details are for `souq doctor`.

    A virus scanner that does not answer is named and no reason for a 503: everything but an upload goes on.
    """
    checks = ready_checks()
    is_ready = all(check.is_fine or not check.is_vital for check in checks)
    answer = jsonify(
        status="ready" if is_ready else "not ready",
        checks={check.name: "ok" if check.is_fine else "failing" for check in checks},
    )
    return answer, 200 if is_ready else 503


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Counts of all workers together, in Prometheus' format; for the operator's own networks."""
    import os

    if _is_from_outside(request.remote_addr):
        raise NotFound

    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        body = generate_latest(registry)
    else:
        body = generate_latest()
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _is_from_outside(address: str | None) -> bool:
    """Whether an address is one of the open internet; a socket has none."""
    try:
        return ipaddress.ip_address(address or "127.0.0.1").is_global
    except ValueError:
        return True


def count_kept(route: str, status: int, seconds: float) -> None:
    """Count an answer that was given before Flask was asked."""
    _requests(route, "GET", status).inc()
    _seconds(route).observe(seconds)


def init_metrics(app: Flask) -> None:
    """Count every answer under its route, never under a person's address."""

    @app.after_request
    def _count(response: Response) -> Response:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # the proxy has it
        route = asked.url_rule.rule if asked.url_rule else "none"
        _requests(route, asked.method if asked.method in _METHODS else "other", response.status_code).inc()
        began = g.get("began")
        if began is not None:
            _seconds(route).observe(time.perf_counter() - began)
        return response


@lru_cache(maxsize=2048)
def _requests(route: str, method: str, status: int) -> Counter:
    """The count of these; looking for it costs more than counting."""
    return REQUESTS.labels(route, method, status)


@lru_cache(maxsize=1024)
def _seconds(route: str) -> Histogram:
    return SECONDS.labels(route)


_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
