"""Lines beneath a price that a seller sets for one of their own products."""

from __future__ import annotations

from decimal import Decimal

from marketplace.catalogue.models import Product
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.offers.measuring import contents_of
from marketplace.proceeds.queries import costs_of
from marketplace.proceeds.rules import AskedPrice
from marketplace.proceeds.showing import received_lines


def received_at(
    product: Product,
    amount: Decimal | None,
    currency: str | None,
    unit: str | None,
    incoterm: str | None,
    place: str | None,
) -> list[str]:
    """What the buyer sees, what the seller receives and what is left; nothing for an empty price."""
    if amount is None:
        return []
    session = db.session()
    return received_lines(
        session,
        AskedPrice(amount, currency or "", unit or "", incoterm or "", place or ""),
        product.commodity,
        current_locale(),
        costs=costs_of(session, product.id),
        contents=contents_of(product),
    )
