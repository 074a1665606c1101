"""The application around a command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask

from config.settings import Settings
from marketplace.kernel.database import db
from marketplace.wiring import without_pages

F = TypeVar("F", bound=Callable[..., Any])


def with_app(function: F) -> F:
    """Run a command inside an application context."""
    return _inside(_whole, function)


def with_rows(function: F) -> F:
    """The same for a command that shows no page and names no address: it need not load what pages are made of."""
    return _inside(without_pages, function)


def _whole(settings: Settings) -> Flask:
    from marketplace.app import create_app  # here, since it imports every view

    return create_app(settings)


def _inside(application: Callable[[Settings], Flask], function: F) -> F:
    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with application(Settings.from_env()).app_context():
            try:
                return function(*args, **kwargs)
            finally:
                db.session.remove()
                db.engine.dispose()

    return wrapped  # type: ignore[return-value]  # it takes and gives what the command does
