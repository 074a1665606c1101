"""Flask as this site uses it: what it asks anew in every request, and is always answered alike, is said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Request, Response
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadHost
from werkzeug.routing import MapAdapter
from werkzeug.sansio.http import parse_cookie
from werkzeug.sansio.utils import get_host
from werkzeug.utils import cached_property

from marketplace.kernel.form_parts import QuickForms

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/_.-]*", re.ASCII)  # a local address that is written as it is sent
_LONGEST_HOST = 100
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


@lru_cache(maxsize=64)
def _host(scheme: str, header: str) -> tuple[str, str]:
    """A Host header as a request has it, and as addresses are made with it; raises what werkzeug raises."""
    host = get_host(scheme, header)
    name, colon, port = host.lower().partition(":")
    try:
        return host, f"{name.encode('idna').decode('ascii')}{colon}{port}"
    except UnicodeError as fault:
        raise BadHost from fault


class Site(Flask):
    """The application. Its views and hooks are plain functions, which a test sees to."""

    request_class = QuickRequest
    response_class = QuickResponse

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask's; for a plain request the host is looked into once and not at each, and never for its subdomain."""
        config, rules = self.config, self.url_map
        is_special = config["TRUSTED_HOSTS"] is not None or config["SERVER_NAME"] is not None or rules.host_matching
        if request is None or is_special or self.subdomain_matching or "HTTP_UPGRADE" in request.environ:
            return super().create_url_adapter(request)
        environ = request.environ
        scheme, header = environ["wsgi.url_scheme"], environ.get("HTTP_HOST")
        if not isinstance(header, str) or len(header) > _LONGEST_HOST:
            return super().create_url_adapter(request)
        request.host, name = _host(scheme, header)
        script, path, query = (
            environ.get(part, "").encode("latin-1").decode(errors="replace")
            for part in ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
        )
        if not path:
            return super().create_url_adapter(request)
        method = environ["REQUEST_METHOD"]
        return MapAdapter(rules, name, script, rules.default_subdomain or "", scheme, path, method, query)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is; Flask would look for a coroutine in every view and hook of every request."""
        return func
