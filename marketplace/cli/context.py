"""The application around a command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from config.settings import Settings
from marketplace.app import create_app
from marketplace.kernel.database import db

F = TypeVar("F", bound=Callable[..., Any])


def with_app(function: F) -> F:
    """Run a command inside an application context."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with create_app(Settings.from_env()).app_context():
            try:
                return function(*args, **kwargs)
            finally:
                db.session.remove()
                db.engine.dispose()

    return wrapped  # type: ignore[return-value]
