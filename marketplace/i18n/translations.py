"""gettext for the site: which locale a request has, and strings outside a request (mails, jobs, command line)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale

from marketplace.i18n.addresses import KEY
from marketplace.i18n.locales import DEFAULT, from_header, known

LANGUAGE_COOKIE = "language"
babel = Babel()


def current_locale() -> str:
    """The locale of this request: the address decides, then the cookie, then the browser's wish."""
    if not has_request_context():
        return DEFAULT
    if (held := g.get("locale")) is not None:
        return str(held)
    from_address = request.environ.get(KEY)
    if from_address:
        chosen = str(from_address)
    elif (cookie := request.cookies.get(LANGUAGE_COOKIE)) and known(cookie) == cookie:
        chosen = cookie
    else:
        chosen = from_header(request.headers.get("Accept-Language", ""))
    g.locale = chosen
    return chosen


def init_babel(app: Flask) -> None:
    """Bind gettext to ``app``; catalogues live in marketplace/i18n/translations."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.root_path + "/i18n/translations")
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    babel.init_app(app, locale_selector=current_locale)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Translate into ``locale`` inside the block; needs an application context."""
    with force_locale(known(locale)):
        yield
