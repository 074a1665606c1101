"""What a seller receives of a price for one of their products: under a price, an offer of a lot, a line of a quote."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.contents import contents_of
from marketplace.proceeds.rules import AskedPrice
from marketplace.proceeds.showing import Payouts


def asked_at(currency: str | None, unit: str | None, incoterm: str | None, place: str | None) -> AskedPrice:
    """Currency, unit and term of a price whose amount is not known yet, as a form holds them."""
    return AskedPrice(Decimal(0), currency or "", unit or "", incoterm or "", place or "")


def received_of(payouts: Payouts, product: Product | None, amount: Decimal | None, at: AskedPrice) -> list[str]:
    """Sentences about ``amount`` at the currency, unit and term of ``at``; none for an empty price."""
    if amount is None:
        return []
    price = replace(at, amount=amount)
    if product is None:
        return payouts.lines(price)
    return payouts.lines(price, product.commodity, product.id, contents_of(product))
