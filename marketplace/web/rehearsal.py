"""The common pages gone through once, in the process that web workers are forked from.

What a page needs (compiled templates, statements, translations, columns of the index) then exists once and is shared,
where each worker would make it for itself: a third of a worker's own memory, and the first visitors' wait. A fork may
inherit no connection, so all are closed again, and where databases are reached by the network none is opened.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import re
import sys
import threading
import time
from contextlib import suppress

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from config.settings import Settings
from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.database import db

log = logging.getLogger(__name__)
_REHEARSED = "souq_rehearsed"
_PAGES = ("", "/products", "/sellers", "/commodities", "/sign-in")
_SEARCHES = {
    "en": "organic coconut sugr FOB",
    "id": "gula kelapa",
    "de": "Rohkaffee",
    "zh_Hans": "咖啡",
    "zh_Hant": "咖啡",
}
_PRODUCT = re.compile(r'href="/en(/products/[^"?]+)"')


def rehearse(app: Flask) -> bool:
    """Go through the pages once and close what was opened; whether that was done. It never raises.

    Only where database and index are files of this machine, and the schema is the newest.
    """
    settings: Settings = app.extensions["souq_settings"]
    stores = settings.stores
    if app.extensions.get(_REHEARSED) or not stores.is_sqlite or stores.redis_url or "sqlite:" not in stores.search_url:
        return False
    app.extensions[_REHEARSED] = True
    began, threads = time.perf_counter(), threading.active_count()
    try:
        with app.app_context():
            from marketplace.web.checks import database

            if not database().is_fine:
                return False
        _go_through(app)
    except Exception:
        log.exception("rehearsal.failed")
        return False
    finally:
        _close(app)
        if (left := threading.active_count() - threads) > 0:
            log.warning("rehearsal.left_threads", extra={"threads": left})
    log.info("rehearsal.done", extra={"seconds": round(time.perf_counter() - began, 2)})
    return True


def _go_through(app: Flask) -> None:
    """Pages of every language as visitors ask for them, and searches as the site does them, which nobody asked."""
    found = _PRODUCT.search(_page(app, "/en/products"))
    product = (found[1], f"{found[1]}/inquiry") if found else ()
    for language in LANGUAGES:
        for path in (*_PAGES, *product):
            _page(app, language.prefix + path)
    with app.app_context():
        from marketplace.discovery.engine import engine
        from search.parser import parse

        for locale, text in _SEARCHES.items():
            engine().search(parse(text, locale))  # not by its page: a search of ours is not to be counted
            engine().suggest(text[:3], locale)
        db.session.remove()


def _page(app: Flask, path: str) -> str:
    """The text of a page. A page that fails has prepared nothing, and would fail for visitors, too: RuntimeError."""
    settings: Settings = app.extensions["souq_settings"]
    asked = EnvironBuilder(path=path, base_url=settings.web.public_url, headers=[("Accept-Language", "en")])
    asked.environ_base = {"REMOTE_ADDR": "127.0.0.1"}
    try:
        body, status, _ = run_wsgi_app(app.wsgi_app, asked.get_environ())
        text = b"".join(body).decode("utf-8", "replace")
        if status.startswith("500"):
            raise RuntimeError(f"{path} answered {status}")
        return text
    finally:
        asked.close()


def _close(app: Flask) -> None:
    """No connection stays open, and what was needed for a moment goes back to the system."""
    from marketplace.discovery.engine import known_engine

    index = known_engine(app)
    if index is not None:
        index.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # not every C library has it
            ctypes.CDLL(None).malloc_trim(0)
