"""Whole list pages kept for visitors without an account, named by what they show and by the state of the index."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from marketplace.discovery.engine import engine
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.http import actor_or_none
from search.errors import EngineUnavailable

_SECONDS = 300
_SECONDS_WITHOUT_REVISION = 5  # an engine that cannot tell its state: a change shows after that at the latest
_LONGEST_QUERY = 1_000


def kept(make: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """The page from memory if nothing it shows has changed, else made anew and kept if it went well."""
    if request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) or len(request.query_string) > _LONGEST_QUERY:
        return make()
    if actor_or_none() is not None:
        return make()
    try:
        revision = engine().revision()
    except EngineUnavailable:
        return make()
    name = _name(revision)
    memory = _memory()
    body = memory.get(name)
    if body is None:
        response = make_response(make())
        if response.status_code == 200:
            memory.set(name, response.get_data(), timeout=_SECONDS if revision else _SECONDS_WITHOUT_REVISION)
            response.set_etag(name)
        return response
    response = Response(body, mimetype="text/html")
    response.set_etag(name)
    return response.make_conditional(request)


def _name(revision: str) -> str:
    parts = (
        prefix_of(request.environ),
        current_locale(),
        request.path,
        request.query_string.decode("latin-1"),
        request.cookies.get("theme", ""),
        today().isoformat(),
        revision,
    )
    return "page:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _memory() -> Any:
    """The cache that the settings chose: memory of this process, or Redis."""
    return next(iter(current_app.extensions["cache"].values()))
