"""gunicorn's worker with the site's manners: what never becomes a request is refused with the security headers, too.

gunicorn's own pages for such bytes come without headers, quote what was sent, and log the sender's address.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.exceptions import BadRequest

from marketplace.kernel.http import HEADERS, STRICT_TRANSPORT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
# everything else that the parser refuses is a plain 400
_STATUS: dict[type[Exception], tuple[int, str]] = {
    errors.LimitRequestLine: (414, "URI Too Long"),
    errors.LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    errors.ExpectationFailed: (417, "Expectation Failed"),
    errors.ForbiddenProxyRequest: (403, "Forbidden"),
}
_OURS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName, errors.ConfigurationProblem)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads as gunicorn has them; its error pages as we have them."""

    def load_wsgi(self) -> None:
        """The application of this process, behind what reads its bodies."""
        super().load_wsgi()
        self.wsgi.wsgi_app = CarefulBodies(self.wsgi.wsgi_app)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what could not be served: 4xx for what was sent, 500 for a fault of ours."""
        status, reason = status_of(exc)
        if status == 500:
            log.error("serving.failed", exc_info=exc)
        else:
            log.info("serving.refused", extra={"why": type(exc).__name__})
        try:
            util.write_nonblock(client, page(status, reason, self._is_https()))
        except OSError:
            log.debug("serving.unheard")

    def _is_https(self) -> bool:
        settings = getattr(self.wsgi, "extensions", {}).get("souq_settings")
        return settings is not None and settings.web.is_https is True


class CarefulBodies:
    """WSGI middleware: a body that breaks off or is no body is the sender's fault, a 400 and no failure of ours."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer


class _Body:
    """What gunicorn reads, with its refusals told as werkzeug tells them."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def read(self, size: int = -1) -> bytes:
        try:
            return bytes(self.body.read(size))
        except errors.ParseException as failure:
            raise BadRequest from failure

    def readline(self, size: int = -1) -> bytes:
        try:
            return bytes(self.body.readline(size))
        except errors.ParseException as failure:
            raise BadRequest from failure


def status_of(fault: Exception) -> tuple[int, str]:
    """Status and reason for something that was not answered by the application."""
    if isinstance(fault, _OURS) or not isinstance(fault, errors.ParseException):
        return 500, "Internal Server Error"
    for kind, answer in _STATUS.items():
        if isinstance(fault, kind):
            return answer
    return 400, "Bad Request"


def page(status: int, reason: str, is_https: bool) -> bytes:
    """A whole answer with the security headers; it quotes nothing that was sent."""
    body = f"{reason}\n"
    lines = [f"HTTP/1.1 {status} {reason}", "Connection: close", "Content-Type: text/plain; charset=utf-8"]
    lines += [f"Content-Length: {len(body)}", "Cache-Control: no-store"]
    lines += [f"{name}: {value}" for name, value in HEADERS.items()]
    if is_https:
        lines.append(f"Strict-Transport-Security: {STRICT_TRANSPORT}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1")
