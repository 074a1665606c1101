"""What holds for a time beside a product or a seller: open offers of a lot, and days on which nobody answers."""

from __future__ import annotations

from functools import partial

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
from marketplace.sellers.models import Seller

# most goods have neither, which one statement tells; with both, a product's page keeps to its five
_ANY = Prepared(
    select(
        exists()
        .where(
            SpotOffer.product_id == bindparam("product_id"),
            SpotOffer.visibility == Visibility.PUBLIC.value,
            SpotOffer.closes_at > bindparam("moment"),
        )
        .label("is_offered"),
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


def limited_of(on: On, product_id: int, seller_id: int, slug: str, locale: str, prefix: str) -> Markup:
    """Panels for a product's page as finished HTML; empty for most products at most times."""
    moment = now()
    rows = _ANY.raw(on, product_id=product_id, seller_id=seller_id, moment=moment, horizon=moment + TOLD_BEFORE)
    if not any(is_offered or begins is not None for is_offered, _first, _last, _note, begins in rows):
        return Markup()
    ((is_offered, first, last, note, begins),) = _ANY.typed(on, rows)
    offers = public_offers(on, product_id) if is_offered else []
    closure = ShownClosure(first, last, note, begins <= moment) if begins is not None else None
    make = partial(_rendered, offers, closure, slug, locale, prefix)
    return pieces().get(("limited", repr((offers, closure)), slug, locale, prefix), make)[0]


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
