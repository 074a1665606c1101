"""A quote about an offer of a lot begins with what the offer says: its price and terms, and no more than is left."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from decimal import Decimal

from marketplace.offers.measuring import in_unit
from marketplace.offers.models import OfferPrice, SpotOffer
from marketplace.quotes.prefilling import Data
from marketplace.quotes.rules import MOST_RUNGS, LineAnswer
from marketplace.rfqs.models import Rfq, RfqLine


def filled_from_offers(data: Data, rfq: Rfq, offers: Mapping[int, SpotOffer]) -> Data:
    """``data`` of a new quote's form with the offers that the request's lines name (with prices and product)."""
    named = [
        (place, line, offers[line.offer_id or 0]) for place, line in enumerate(rfq.lines) if line.offer_id in offers
    ]
    if not named:
        return data
    _place, _line, first = named[0]
    ladder = _ladder(first, rfq)
    filled: Data = {
        **data, "currency": ladder[0].currency, "incoterm": ladder[0].incoterm, "place": ladder[0].place,
        "lines": list(data["lines"]),
    }  # fmt: skip
    if first.ship_month is not None:
        month = first.ship_month
        filled |= {"ship_by": month.replace(day=monthrange(month.year, month.month)[1]), "lead_time_days": None}
    for place, line, offer in named:
        filled["lines"][place] = _line_data(line, offer, [one for one in _ladder(offer, rfq) if _is_like(one, ladder)])
    return filled


def _ladder(offer: SpotOffer, rfq: Rfq) -> list[OfferPrice]:
    """The prices of one term and place: those that the buyer named, else those that stand first."""
    best = min(
        offer.prices,
        key=lambda one: ((one.incoterm, one.place) != (rfq.incoterm, rfq.place), one.incoterm != rfq.incoterm),
    )
    same = [one for one in offer.prices if one.rung.ladder == best.rung.ladder]
    return sorted(same, key=lambda one: one.min_quantity)


def _is_like(price: OfferPrice, ladder: list[OfferPrice]) -> bool:
    """A quote has one currency and one term for all its lines."""
    first = ladder[0]
    return (price.currency, price.incoterm, price.place) == (first.currency, first.incoterm, first.place)


def _line_data(line: RfqLine, offer: SpotOffer, prices: list[OfferPrice]) -> Data:
    product = offer.product
    asked = in_unit(line.quantity, line.unit, offer.unit, product) if line.quantity is not None else None
    quantity, unit = (offer.left, offer.unit) if asked is None or asked > offer.left else (line.quantity, line.unit)
    data: Data = {
        "answer": LineAnswer.OFFERED.value,
        "product": str(offer.product_id),
        "quantity": quantity or None,
        "unit": unit,
        "price_unit": prices[0].unit if prices else offer.unit,
        "unit_price": None,
    }
    reached = [one for one in prices if _least(one, unit, offer) <= (quantity or Decimal(0))]
    if prices:
        data["unit_price"] = (reached[-1] if reached else prices[0]).unit_price
    steps = [one for one in prices if one.unit == unit and quantity and one.min_quantity > quantity]
    for step, one in enumerate(steps[:MOST_RUNGS], 1):
        data[f"from_{step}"], data[f"price_{step}"] = one.min_quantity, one.unit_price
    return data


def _least(price: OfferPrice, unit: str, offer: SpotOffer) -> Decimal:
    found = in_unit(price.min_quantity, price.unit, unit, offer.product)
    return found if found is not None else price.min_quantity
