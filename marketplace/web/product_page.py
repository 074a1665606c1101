"""The product page: product, seller, certificates, similar goods; four statements, one more
while a lot is offered, and one more where buyers have reviewed it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from flask import Blueprint, Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.catalogue.queries.cards import cards_of_rows, similar_rows
from marketplace.catalogue.queries.listed import ProductRows, listed_rows, product_rows, view_of
from marketplace.catalogue.queries.own import own_product
from marketplace.discovery.keeper import Drawn, Visit
from marketplace.discovery.page_cache import kept
from marketplace.discovery.rules import PRODUCT
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.absence import DATABASE_FAULTS
from marketplace.kernel.caching import release_mark
from marketplace.kernel.clock import today
from marketplace.kernel.database import db, reading
from marketplace.kernel.frames import in_frame
from marketplace.kernel.http import current_actor
from marketplace.kernel.pieces import digest, pieces
from marketplace.kernel.prepared import On, Raw
from marketplace.reviews.showing import reviews_piece
from marketplace.web.frames import visitors_page
from marketplace.web.limited import beside_of
from marketplace.web.product_offer import card_of, offer_of, similar_goods
from search.document import Change

bp = Blueprint("product_page", __name__)
SIMILAR = 4
VISITORS = {"is_preview": False}
_ADDRESS = re.compile("/products/([a-z0-9-]+)")


@bp.get("/products/<slug>")
def product(slug: str) -> ResponseReturnValue:
    """Everything a professional buyer wants to know about one offer."""

    def page() -> ResponseReturnValue:
        with reading() as on:
            joined = _joined(on, listed_rows(on, slug), current_locale(), prefix_of(request.environ))
        return in_frame("web/product.html", VISITORS, joined.slots)

    return kept(page)


@bp.get("/selling/products/<slug>/preview")
def preview(slug: str) -> ResponseReturnValue:
    """A seller's own product as buyers will read it, in whatever state it is."""
    session = db.session()
    own = own_product(session, current_actor(), slug)
    rows = product_rows(session, own.id)
    joined = _joined(session, rows, current_locale(), prefix_of(request.environ), is_preview=True)
    return render_template("web/product.html", **joined.slots, slug=rows.slug, is_preview=True)


def draw(app: Flask, visit: Visit) -> Drawn | None:
    """The page for a visitor before Flask is asked; None for what it has to answer, such as a product that is gone."""
    found = _ADDRESS.fullmatch(visit.path)
    if found is None:
        return None
    context = app.app_context()
    context.push()
    try:
        g.locale = visit.locale
        with reading() as on:
            joined = _joined(on, listed_rows(on, found[1]), visit.locale, visit.prefix)
        html = visitors_page("web/product.html", VISITORS, joined.slots, visit)
    except DATABASE_FAULTS:  # a page that is kept will do
        raise
    except Exception:  # Flask meets the same fault, and knows what to say and what to log
        return None
    finally:
        context.pop()
    return None if html is None else Drawn(joined.mark, html, joined.shows)


def is_touched(shows: str, changed: Iterable[Change]) -> bool:
    """Whether a page may differ after these changes: it shows one of these products, or one of them stands near its
    own. Of a product that is gone nobody knows any more where it stood."""
    release, commodity, category, *keys = shows.split()
    return release != release_mark() or any(
        not one.is_live
        or str(one.key) in keys
        or commodity in one.keywords.get("commodity", ())
        or category in one.keywords.get("category", ())
        for one in changed
        if one.kind == PRODUCT  # whatever a seller changes changes all their products
    )


class _Joined(NamedTuple):
    """Finished texts of a page by their place, what they are made of, and which changes touch them (`is_touched`)."""

    mark: bytes
    slots: dict[str, Markup]
    shows: str


def _joined(on: On, rows: ProductRows, locale: str, prefix: str, *, is_preview: bool = False) -> _Joined:
    """The page joined from pieces, each made anew only when a row it shows has changed."""
    near = similar_rows(on, rows.id, rows.commodity, rows.category, size=SIMILAR)
    known, day = pieces(), today()
    reader = (locale, prefix, day)
    here, beside = digest((rows.one, rows.parts)), digest(near)
    limited, reviews = beside_of(on, rows.id, rows.seller_id, rows.slug, locale, prefix)
    offer = known.get(
        ("offer", here, *reader, is_preview, limited, reviews.figures),
        lambda: offer_of(
            view_of(on, rows), locale, prefix, is_preview=is_preview, limited=limited, rating=reviews.figures
        ),
    )
    told = reviews_piece(reviews, locale, prefix, f"/products/{rows.slug}")

    def card(row: Raw) -> tuple[Markup]:
        return (card_of(cards_of_rows(on, [row], locale)[0], locale, prefix),)

    def cards() -> list[Markup]:
        # the newest goods stand beside all others of their kind
        return [known.get(("card", digest(row), *reader), partial(card, row))[0] for row in near]

    similar = Markup()
    if near:
        similar = known.get(("similar", beside, *reader), lambda: (similar_goods(cards(), locale),))[0]
    mark = digest((here, beside, str(limited), str(told), locale, prefix, day.isoformat(), release_mark()))
    shows = " ".join((release_mark(), rows.commodity, rows.category, str(rows.id), *(str(row[0]) for row in near)))
    return _Joined(mark, {**offer._asdict(), "reviews": told, "similar": similar}, shows)
