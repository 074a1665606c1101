"""What a product's page shows beside the product: open offers of a lot, days on which nobody answers, and reviews."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import bindparam, exists, select

from marketplace.closures.models import SellerClosure
from marketplace.closures.queries import ShownClosure
from marketplace.closures.rules import TOLD_BEFORE
from marketplace.closures.wording import closure_sentence
from marketplace.kernel.clock import now
from marketplace.kernel.pieces import pieces
from marketplace.kernel.prepared import On, Prepared
from marketplace.kernel.shapes import shaped_page
from marketplace.offers.models import SpotOffer
from marketplace.offers.queries import OfferShown, public_offers
from marketplace.offers.rules import Visibility
from marketplace.offers.wording import lot_lines
from marketplace.reviews.models import Review
from marketplace.reviews.queries import Reviews, reviews_of_product
from marketplace.reviews.rules import ReviewState
from marketplace.sellers.models import Seller

# most goods have none of them, which one statement tells; each of offers and reviews costs one more
_ANY = Prepared(
    select(
        exists()
        .where(
            SpotOffer.product_id == bindparam("product_id"),
            SpotOffer.visibility == Visibility.PUBLIC.value,
            SpotOffer.closes_at > bindparam("moment"),
        )
        .label("is_offered"),
        exists()
        .where(Review.product_id == bindparam("product_id"), Review.state == ReviewState.PUBLISHED.value)
        .label("is_reviewed"),
        SellerClosure.closed_from,
        SellerClosure.closed_to,
        SellerClosure.note,
        SellerClosure.starts_at,
    )
    .select_from(Seller)
    .outerjoin(
        SellerClosure,
        (SellerClosure.seller_id == Seller.id)
        & (SellerClosure.ends_at > bindparam("moment"))
        & (SellerClosure.starts_at <= bindparam("horizon")),
    )
    .where(Seller.id == bindparam("seller_id"))
    .order_by(SellerClosure.starts_at)
    .limit(1)
)


class Beside(NamedTuple):
    """Finished HTML of offers and closed days, and the reviews as values; empty for most products at most times."""

    limited: Markup = Markup()
    reviews: Reviews = Reviews()


def beside_of(on: On, product_id: int, seller_id: int, slug: str, locale: str, prefix: str) -> Beside:
    """Everything beside a product, in one statement where there is nothing."""
    moment = now()
    rows = _ANY.raw(on, product_id=product_id, seller_id=seller_id, moment=moment, horizon=moment + TOLD_BEFORE)
    if not any(offered or reviewed or begins is not None for offered, reviewed, _first, _last, _note, begins in rows):
        return _NOTHING
    ((is_offered, is_reviewed, first, last, note, begins),) = _ANY.typed(on, rows)
    reviews = reviews_of_product(on, product_id) if is_reviewed else Reviews()
    if not is_offered and begins is None:
        return Beside(reviews=reviews)
    offers = public_offers(on, product_id) if is_offered else []
    closure = ShownClosure(first, last, note, begins <= moment) if begins is not None else None
    make = partial(_rendered, offers, closure, slug, locale, prefix)
    return Beside(pieces().get(("limited", repr((offers, closure)), slug, locale, prefix), make)[0], reviews)


_NOTHING = Beside()


def _rendered(
    offers: list[OfferShown], closure: ShownClosure | None, slug: str, locale: str, prefix: str
) -> tuple[Markup]:
    panels = [
        {
            "lines": lot_lines(one, locale),
            "address": f"{prefix}/offers/{one.key}",
            "ask": "" if one.is_upcoming else f"{prefix}/products/{slug}/inquiry?offer={one.key}",
        }
        for one in offers
    ]
    return (
        shaped_page(
            "web/limited.html",
            locale,
            panels=panels,
            closed=closure_sentence(closure, locale) if closure is not None else "",
            note=closure.note if closure is not None else "",
        ),
    )
