"""Failures as pages: a clear sentence in the reader's language, the right status, nothing changed."""

from __future__ import annotations

import logging
from contextlib import suppress
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from marketplace.accounts.login import login_manager
from marketplace.accounts.views.visit import safe_next
from marketplace.i18n.locales import BY_PREFIX
from marketplace.kernel.database import db
from marketplace.kernel.errors import AlreadySubmitted, DomainError, TooMany
from marketplace.kernel.fullness import RETRY_SECONDS, is_disk_full

log = logging.getLogger(__name__)
SENTENCES = {
    400: lazy_gettext("The request could not be read. Go back, reload the page and try again."),
    401: lazy_gettext("Please sign in first."),
    403: lazy_gettext("You may not do this."),
    404: lazy_gettext("There is nothing at this address, or it is not open to you."),
    405: lazy_gettext("This address does not take that kind of request."),
    409: lazy_gettext("This has changed meanwhile. Reload the page to see how it stands now."),
    413: lazy_gettext("That is too large to upload. Up to 20 MB fit at once."),
    415: lazy_gettext("This kind of content is not taken here."),
    422: lazy_gettext("Some of what you entered needs another look."),
    429: lazy_gettext("Too many tries in a short time. Wait a little and try again."),
    500: lazy_gettext("Something went wrong on our side. What you did before is safe. Please try again in a minute."),
    503: lazy_gettext("The site is catching its breath. Please try again in a minute."),
    507: lazy_gettext(
        "There is no room left to keep anything new, so this was not saved. Reading goes on, and we are making room."
    ),
}
# after these a form is not shown again with what was typed: it stands on another page, as it is now
_SHOWN_WITH_NOTES = frozenset({400, 403, 409, 429, 503, 507})
# who may not; who may not know (or asks for what is not there); who tries too often
_REFUSALS = frozenset({403, 404, 429})
# fields that hold sentences; of a field with a prefix ("dispute-why") the name behind it
_SENTENCES_IN = frozenset({
    "note", "text", "message", "reason", "why", "about", "description", "story", "wish", "words", "specification",
    "services", "address",
})  # fmt: skip
_MOST_WRITTEN = 20_000  # letters: no field of these takes more


def page(status: int, sentence: object = "") -> tuple[str, int]:
    """The page of one failure; one that tells its own story, such as a link that has run out, is not a missing page."""
    text = sentence or SENTENCES.get(status) or SENTENCES[400 if status < 500 else 500]
    is_missing = status == 404 and not sentence
    return render_template(
        "errors/problem.html",
        status=status,
        sentence=str(text),
        is_missing=is_missing,
        back=_page_before(),
        written=_written() if status in _SHOWN_WITH_NOTES else [],
    ), status


def _page_before() -> str:
    """The path of this site's page whose form failed, to be opened as it stands now; "" if there is none."""
    if request.method != "POST":
        return ""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    first, _slash, rest = before.path[1:].partition("/")
    plain = f"/{rest}" if f"/{first}" in BY_PREFIX else before.path
    if before.netloc != request.host or not current_app.url_map.bind(request.host).test(plain, "GET"):
        return ""  # a form that was shown again stands at an address that only takes forms
    return safe_next(before.path + (f"?{before.query}" if before.query else ""))


def _written() -> list[str]:
    """The sentences of the form that failed, to be copied from the page: whoever wrote a long note writes it once.

    Only of a form of this site: another's page could send words here that would then be read as ours.
    """
    if request.method != "POST" or not _is_own_form():
        return []
    with suppress(HTTPException, OSError):  # a body that cannot be read holds none
        fields = request.form.items(multi=True)
        kept = [value.strip()[:_MOST_WRITTEN] for name, value in fields if name.rpartition("-")[2] in _SENTENCES_IN]
        return [text for text in kept if text]
    return []


def _is_own_form() -> bool:
    try:
        return urlsplit(request.headers.get("Origin") or request.referrer or "").netloc == request.host
    except ValueError:
        return False


def init_problems(app: Flask) -> None:
    """Turn every failure into a page."""

    @app.errorhandler(DomainError)
    def _domain(failure: DomainError) -> Response:
        if failure.status in _REFUSALS:
            log.warning("access.refused", extra={"endpoint": request.endpoint, "status": failure.status})
        response = app.make_response(page(failure.status, failure.sentence))
        if isinstance(failure, TooMany):
            response.headers["Retry-After"] = str(failure.retry_after)
        return response

    @app.errorhandler(AlreadySubmitted)
    def _again(repeat: AlreadySubmitted) -> Response:
        return redirect(repeat.location, 303)

    @app.errorhandler(StaleDataError)
    def _stale(_failure: StaleDataError) -> tuple[str, int]:
        return page(409)

    @app.errorhandler(CSRFError)
    def _csrf(_failure: CSRFError) -> tuple[str, int]:
        log.warning("access.without_token", extra={"endpoint": request.endpoint})
        return page(400, _("This form is out of date or came from another page. Reload it and send it again."))

    @app.errorhandler(HTTPException)
    def _http(failure: HTTPException) -> Response:
        if failure.response is not None or (failure.code or 500) < 400:
            return app.make_response(failure.get_response())
        response = app.make_response(page(failure.code or 500))
        for name, value in failure.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
        return response

    @app.errorhandler(NoConnection)  # every connection is taken, for longer than anybody should wait
    @app.errorhandler(OperationalError)
    def _database(failure: OperationalError | NoConnection) -> Response:
        db.session.rollback()
        if is_disk_full(failure):
            return _no_room(app)
        log.exception("database.unavailable")
        g.setdefault("actor", None)  # who asked stands in the very database: the page is shown as to a visitor
        g.setdefault("_login_user", login_manager.anonymous_user())  # Flask-Login's own place; it would look again
        response = app.make_response(page(503))
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(Exception)
    def _crash(failure: Exception) -> Response | tuple[str, int]:
        db.session.rollback()
        if is_disk_full(failure):
            return _no_room(app)
        log.exception("request.failed", extra={"endpoint": request.endpoint})
        return page(500)


def _no_room(app: Flask) -> Response:
    """507: nothing was written; whoever reads is not disturbed."""
    log.error("disk.full", extra={"endpoint": request.endpoint})
    response = app.make_response(page(507))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
