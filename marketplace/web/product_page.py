"""The product page: product, seller, certificates and similar goods on one page, in three statements."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.catalogue.queries.cards import cards_of_rows, similar_rows
from marketplace.catalogue.queries.listed import ProductRows, listed_rows, product_rows, view_of
from marketplace.catalogue.queries.own import own_product
from marketplace.discovery.page_cache import kept
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.frames import in_frame
from marketplace.kernel.http import current_actor
from marketplace.kernel.pieces import digest, pieces
from marketplace.web.product_offer import offer_of, similar_goods

bp = Blueprint("product_page", __name__)
SIMILAR = 4


@bp.get("/products/<slug>")
def product(slug: str) -> ResponseReturnValue:
    """Everything a professional buyer wants to know about one offer."""
    return kept(lambda: _page(listed_rows(db.session(), slug)))


@bp.get("/selling/products/<slug>/preview")
def preview(slug: str) -> ResponseReturnValue:
    """A seller's own product as buyers will read it, in whatever state it is."""
    session = db.session()
    own = own_product(session, current_actor(), slug)
    return _page(product_rows(session, own.id), is_preview=True)


def _page(rows: ProductRows, *, is_preview: bool = False) -> ResponseReturnValue:
    """The page joined from pieces, each made anew only when a row it shows has changed."""
    session, locale, prefix = db.session(), current_locale(), prefix_of(request.environ)
    near = similar_rows(session, rows.id, rows.commodity, rows.category, size=SIMILAR)
    known, reader = pieces(), (locale, prefix, today())
    offer = known.get(
        ("offer", digest((rows.one, rows.parts)), *reader, is_preview),
        lambda: offer_of(view_of(session, rows), locale, prefix, is_preview=is_preview),
    )
    similar = Markup()
    if near:
        similar = known.get(
            ("similar", digest(near), *reader),
            lambda: (similar_goods(cards_of_rows(session, near, locale), locale, prefix),),
        )[0]
    slots = {**offer._asdict(), "similar": similar}
    if is_preview:
        return render_template("web/product.html", **slots, slug=rows.slug, is_preview=True)
    return in_frame("web/product.html", {"is_preview": False}, slots)
