"""Flask as this site uses it: what it asks anew in every request, and is always answered alike, is said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Request, Response
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

from marketplace.kernel.form_parts import QuickForms

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/_.-]*", re.ASCII)  # a local address that is written as it is sent
_WITHOUT_BODY = frozenset({*range(100, 200), 204, 304})


class QuickRequest(Request):
    """A request whose cookies are taken from their header; werkzeug looks for it through all others."""

    form_data_parser_class = QuickForms

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies of this request by name."""
        found = parse_cookie(self.environ.get("HTTP_COOKIE", ""), cls=self.dict_storage_class)
        return cast(ImmutableMultiDict[str, str], found)


class QuickResponse(Response):
    """A response whose headers are handed over as they stand; werkzeug would copy them one by one and look at each."""

    def get_wsgi_response(self, environ: WSGIEnvironment) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Body, status and headers."""
        headers = self.headers
        location = headers.get("Location")
        is_plain = location is None or (_PLAIN_PATH.fullmatch(location) and not self.autocorrect_location_header)
        if not is_plain or self.status_code in _WITHOUT_BODY or "Content-Location" in headers:
            return super().get_wsgi_response(environ)
        said = headers.to_wsgi_list()
        if self.is_sequence and "Content-Length" not in headers and self.automatically_set_content_length:
            said.append(("Content-Length", str(sum(map(len, self.iter_encoded())))))
        return self.get_app_iter(environ), self.status, said


class Site(Flask):
    """The application. Its views and hooks are plain functions, which a test sees to."""

    request_class = QuickRequest
    response_class = QuickResponse

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is; Flask would look for a coroutine in every view and hook of every request."""
        return func
