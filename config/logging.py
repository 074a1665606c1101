"""Logs: JSON lines in production, plain in development; request ids, no personal data."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from flask import g, has_request_context

_DROPPED = {"email", "phone", "token", "password", "address", "name"}


def _with_request(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    if has_request_context():
        event.setdefault("request", g.get("request_id", ""))
        actor = g.get("actor")
        if actor is not None:
            event.setdefault("actor", actor.user_id)
    return event


def _without_people(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in _DROPPED}


def configure_logging(form: str) -> None:
    """Set up the root logger once; ``form`` is plain or json."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_request,
        _without_people,
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not getattr(kept, "souq", False)]
    handler.souq = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "elastic_transport", "werkzeug", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
