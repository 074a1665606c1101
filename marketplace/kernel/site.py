"""Flask as this site uses it: what it asks anew in every request, and is always answered alike, is said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property


class QuickRequest(Request):
    """A request whose cookies are taken from their header; werkzeug looks for it through all others."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies of this request by name."""
        found = parse_cookie(self.environ.get("HTTP_COOKIE", ""), cls=self.dict_storage_class)
        return cast(ImmutableMultiDict[str, str], found)


class Site(Flask):
    """The application. Its views and hooks are plain functions, which a test sees to."""

    request_class = QuickRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is; Flask would look for a coroutine in every view and hook of every request."""
        return func
