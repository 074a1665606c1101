"""The list of products for visitors, and the search in it, before Flask is asked."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from flask import Flask, g
from werkzeug.datastructures import MultiDict

from marketplace.discovery.address import read_wish
from marketplace.discovery.facets import PRODUCT_SPANS, PRODUCT_TERMS
from marketplace.discovery.keeper import Drawn, Visit
from marketplace.discovery.lists import TEMPLATE, product_list
from marketplace.discovery.memory import shared_of
from marketplace.discovery.overlay import look_now_and_then
from marketplace.discovery.pieces import is_narrowed
from marketplace.discovery.queries import find
from marketplace.discovery.views import logbook
from marketplace.kernel.absence import DATABASE_FAULTS
from marketplace.kernel.caching import release_mark
from marketplace.web.frames import visitors_page

_PLAIN = re.compile("[!$&-;=?-Z_a-z~%]*")  # as browsers write a query; others may mean what only Flask knows


def draw(app: Flask, visit: Visit) -> Drawn | None:
    """The page; None for what Flask has to answer: nothing found, numbers that are none, a search log that is full."""
    if visit.path != "/products" or not visit.state or not _PLAIN.fullmatch(visit.query) or "%00" in visit.query:
        return None
    if not app.testing:
        look_now_and_then(app)
    context = app.app_context()
    context.push()
    try:
        return _drawn(app, visit)
    except DATABASE_FAULTS:  # a page that is kept will do
        raise
    except Exception:  # Flask meets the same fault, and knows what to say and what to log
        return None
    finally:
        context.pop()


def _drawn(app: Flask, visit: Visit) -> Drawn | None:
    g.locale = visit.locale
    arguments = MultiDict(parse_qsl(visit.query, keep_blank_values=True, errors="strict"))
    wish = read_wish(arguments, PRODUCT_TERMS, PRODUCT_SPANS, visit.locale)
    if wish.unreadable or (wish.text and wish.page == 1 and logbook.is_due()):
        return None
    known = shared_of(app, visit.state)
    found = find(wish, visit.locale, known=known)
    if not found.results.keys:
        return None
    slots = product_list(wish, found, visit.locale, visit.prefix, known)
    html = visitors_page(TEMPLATE, {"is_narrowed": is_narrowed(wish)}, slots, visit, arguments.get("q", "")[:200])
    if html is None:
        return None
    if wish.page == 1:
        logbook.note(found.query.text, visit.locale, found.results.total)
    return Drawn(f"{visit.state} {release_mark()}".encode(), html)
