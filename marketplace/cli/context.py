"""The application around a command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from config.settings import Settings
from marketplace.app import create_app

F = TypeVar("F", bound=Callable[..., Any])


def with_app(function: F) -> F:
    """Run a command inside an application context."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with create_app(Settings.from_env()).app_context():
            return function(*args, **kwargs)

    return wrapped  # type: ignore[return-value]
