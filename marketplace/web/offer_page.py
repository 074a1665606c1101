"""Offers of a lot as buyers read them: one by its address, and those for the reader's own company."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace.catalogue.queries.product_view import title_in
from marketplace.closures.wording import closed_sentence
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.http import actor_or_none, current_actor
from marketplace.offers.queries import OfferRow, offer_for, offers_for_buyer, shown_of
from marketplace.offers.rules import OfferState, Visibility
from marketplace.offers.wording import STATES, lot_lines

bp = Blueprint("offer_page", __name__)


@bp.get("/offers/<key>")
def offer(key: str) -> ResponseReturnValue:
    """One offer. A private one answers like a missing one to everybody whom it does not name."""
    session, locale = db.session(), current_locale()
    row = offer_for(session, actor_or_none(), key)
    closed = closed_sentence(session, row.offer.seller_id, locale)
    return render_template("offers/offer.html", one=_shown(row, locale), closed=closed)


@bp.get("/offers")
def for_you() -> ResponseReturnValue:
    """Private offers that name the reader's company."""
    locale = current_locale()
    rows = [_shown(row, locale) for row in offers_for_buyer(db.session(), current_actor())]
    return render_template("offers/for_you.html", rows=rows)


def _shown(row: OfferRow, locale: str) -> dict[str, Any]:
    offer, product = row.offer, row.product
    state = offer.state(now())
    return {
        "key": offer.key,
        "title": title_in(product.card_titles, locale, product.original_language) or product.slug,
        "slug": product.slug,
        "seller": row.seller_name,
        "seller_slug": row.seller_slug,
        "lines": lot_lines(shown_of(offer), locale),
        "state": STATES[state],
        "is_private": offer.visibility == Visibility.PRIVATE,
        "can_ask": state is OfferState.CURRENT and offer.left > 0,
        "is_taken": state is OfferState.CURRENT and not offer.left,
    }
