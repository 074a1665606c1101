"""What every request shares: the acting person, guarded forms that act once, security headers, request ids."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, current_app, g, request
from flask import session as cookie_session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as WerkzeugResponse

from marketplace.kernel import submits
from marketplace.kernel.errors import Forbidden, NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"  # where PUBLIC_URL is https


def actor_or_none() -> Actor | None:
    """The person of this request, or None for a visitor."""
    known = g._get_current_object()  # asked once: the proxies look for it at every name
    if "actor" not in known:
        user = current_user._get_current_object()
        known.actor = user.actor if user.is_authenticated else None
    actor: Actor | None = known.actor
    return actor


def current_actor() -> Actor:
    """The signed-in person of this request; `Forbidden` for a visitor."""
    actor = actor_or_none()
    if actor is None:
        raise Forbidden("")
    return actor


@dataclass
class Action:
    """One submit of a form: its transaction's session, and where a repeated submit is led."""

    session: Session
    location: str = "/"

    def leads_to(self, location: str) -> None:
        """Remember where this submit leads; a second click is led there too."""
        self.location = location
        if (row := self.session.info.get("souq_submission")) is not None:
            row.location = location

    def redirect(self) -> WerkzeugResponse:
        """See the result (303)."""
        shown = escape(self.location)
        response = current_app.response_class(f'<!doctype html>\n<a href="{shown}">{shown}</a>\n', 303)
        response.headers["Location"] = self.location
        return response


@contextmanager
def action(leads_to: str = "") -> Iterator[Action]:
    """A transaction that acts once per shown form (see `kernel.submits`).

    ``leads_to`` is where it leads, if that is known beforehand: then it need not be written a second time.
    """
    with transaction() as session:
        act = Action(session, leads_to or request.path)
        key = request.form.get(submits.FIELD, "")[:64]
        session.info["souq_submission"] = None
        if key:
            actor = actor_or_none()
            owner = f"user:{actor.user_id}" if actor else f"visitor:{cookie_session.get('csrf_token', '')}"
            hashed = submits.hashed(owner, request.endpoint or "", key)
            session.info["souq_submission"] = submits.claim(
                session, hashed, leads_to or request.script_root + request.path
            )
        yield act


def guard() -> Markup:
    """The hidden inputs of every form that posts: the CSRF token and the key of this showing."""
    return Markup(  # noqa: S704 - our own letters, digits, points and dashes
        f'<input type="hidden" name="csrf_token" value="{_csrf_token()}">'
        f'<input type="hidden" name="{submits.FIELD}" value="{submits.new_key()}">'
    )


def _csrf_token() -> str:
    """The session's token as forms carry it; signed once for many pages, since its age is never judged."""
    raw = cookie_session.get("csrf_token")
    if isinstance(raw, str) and "csrf_token" not in g:
        return _signed_token(raw, str(current_app.secret_key))
    token: str = generate_csrf()
    return token


@lru_cache(maxsize=1024)
def _signed_token(_raw: str, _key: str) -> str:
    token: str = generate_csrf()  # it signs the session's own, which is ``_raw``
    return token


class SecureHeaders:
    """WSGI middleware: the security headers on every answer, errors included, at the cost of one list."""

    def __init__(self, application: WSGIApplication, is_https: bool) -> None:
        self.application = application
        self.pairs = list(HEADERS.items())
        if is_https:
            self.pairs.append(("Strict-Transport-Security", STRICT_TRANSPORT))
        self.names = frozenset(name.lower() for name, _value in self.pairs)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            given = {name.lower() for name, _value in headers} & self.names
            headers += [pair for pair in self.pairs if pair[0].lower() not in given] if given else self.pairs
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self.application(environ, start)


def init_http(app: Flask) -> None:
    """Request ids, timings and caching rules on every answer."""

    @app.before_request
    def _begin() -> None:
        known = g._get_current_object()
        known.request_id, known.began = secrets.token_hex(8), time.perf_counter()
        _refuse_nul()

    @app.after_request
    def _finish(response: Response) -> Response:
        headers, known = response.headers, g._get_current_object()
        headers.add("X-Request-Id", known.get("request_id", ""))
        if "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store" if known.get("actor") else "no-cache")
        return response


def _refuse_nul() -> None:
    """No text holds a NUL: PostgreSQL cannot keep one, and it hides what follows from programs written in C."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # the proxy has it
    if "\x00" in asked.path:
        raise NotFound
    if b"%00" in asked.query_string or b"\x00" in asked.query_string:
        raise BadRequest
    if asked.method not in {"GET", "HEAD", "OPTIONS"}:
        said = [*asked.form, *chain.from_iterable(asked.form.listvalues())]
        said += [text for name, file in asked.files.items(multi=True) for text in (name, file.filename or "")]
        if "\x00" in "".join(said):
            raise BadRequest
