"""Goods, quantities and prices of a pool in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.quotes.models import QuotePool, QuoteShare
from marketplace.quotes.queries.goods import commodity_of


def goods_of_pool(pool: QuotePool) -> str:
    """The commodity by its name."""
    known = commodity_of(pool.commodity)
    return known.name(current_locale()) if known else pool.commodity


def quantity_of(pool: QuotePool, amount: Decimal) -> str:
    """An amount in the pool's unit."""
    return formats.format_quantity(Quantity(amount, pool.unit), current_locale())


def price_of(pool: QuotePool, share: QuoteShare) -> str:
    """What a member is paid for one unit."""
    return formats.format_unit_price(UnitPrice(share.unit_price, pool.currency, pool.unit), current_locale())
