"""Logs: JSON lines in production, plain in development; request ids, no personal data."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

from flask import g, has_request_context

# structlog loads the whole of rich and Pygments for coloured tracebacks, which no log of ours has: three megabytes of
# every process. Left out only while structlog looks for it, so that whoever wants it afterwards still finds it.
_IS_RICH_LOADED = "rich" in sys.modules
if not _IS_RICH_LOADED:
    sys.modules["rich"] = None  # type: ignore[assignment]  # what the import system takes for "not installed"
try:
    import structlog
finally:
    if not _IS_RICH_LOADED:
        del sys.modules["rich"]

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


def _failure(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Where it failed and with which classes; messages stay out, since they quote rows, addresses and texts."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, tuple):
        failure = failure[1]
    elif failure is True:
        failure = sys.exc_info()[1]
    if not isinstance(failure, BaseException):
        return event
    lines: list[str] = []
    seen: set[int] = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        kind = f"{type(failure).__module__}.{type(failure).__qualname__}".removeprefix("builtins.")
        lines[:0] = [*(line.rstrip() for line in traceback.format_tb(failure.__traceback__)), kind]
        failure = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    event["exception"] = "\n".join(lines)
    return event


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
        _failure,
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
    for noisy in ("alembic", "werkzeug", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # each failed try; the engine tells the outcome
