"""Products of a list as its pages and tables show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from flask_babel import gettext as _

from marketplace.catalogue.labels import certificate_name
from marketplace.catalogue.queries.cards import CardRow
from marketplace.discovery.facets import regency_name
from marketplace.i18n.formats import format_country, format_list, format_quantity, format_unit_price
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.rfqs.rules import MAX_LINES
from marketplace.saved.queries import Kept

MOST_COMPARED = 6


@dataclass(frozen=True)
class Shown:
    """One product of a list in words; only the title is there for one that has left the market."""

    title: str
    path: str = ""
    seller: str = ""
    place: str = ""
    price: str = ""
    moq: str = ""
    capacity: str = ""
    lead_time: str = ""
    certificates: str = ""


def shown(kept: Kept, locale: str) -> Shown:
    """The product in words of the page's language."""
    card = kept.card
    if card is None:
        return Shown(str(_("No longer on the market")))
    return Shown(
        title=card.title,
        path=f"/products/{card.slug}",
        seller=card.producer or card.seller,
        place=format_list(_places(card, locale), locale, "facts"),
        price=_price(card, locale),
        moq=_amount(card.moq, card.unit, locale),
        capacity=_amount(card.capacity_per_month, card.unit, locale),
        lead_time="" if card.lead_time_days is None else str(card.lead_time_days),
        certificates=format_list([certificate_name(code, locale) for code in card.certificates], locale),
    )


def compare_href(kept: Sequence[Kept]) -> str:
    """The local address that shows the first products side by side; empty for fewer than two."""
    keys = [str(each.product_id) for each in kept if each.card is not None][:MOST_COMPARED]
    return "/compare?" + "&".join(f"key={key}" for key in keys) if len(keys) > 1 else ""


def asks_of(kept: Sequence[Kept]) -> list[tuple[str, int, str]]:
    """One request per seller of a list: the seller, how many of their goods, and the local address of the form."""
    by_seller: dict[str, list[CardRow]] = {}
    for each in kept:
        if each.card is not None:
            by_seller.setdefault(each.card.seller_slug, []).append(each.card)
    asks = []
    for found in by_seller.values():
        first, others = found[0], found[1:MAX_LINES]
        query = urlencode([("also", card.id) for card in others])
        path = f"/products/{first.slug}/inquiry" + (f"?{query}" if query else "")
        asks.append((first.producer or first.seller, 1 + len(others), path))
    return asks


def _places(card: CardRow, locale: str) -> list[str]:
    region = regency_name(card.origin_region, locale) if card.origin_region else ""
    return [each for each in (region, format_country(card.origin_country, locale)) if each]


def _price(card: CardRow, locale: str) -> str:
    if card.price is None:
        return str(_("Price on request"))
    price = format_unit_price(UnitPrice(card.price, card.price_currency, card.price_unit), locale)
    return f"{price} {card.price_term}".strip()


def _amount(amount: Decimal | None, unit: str, locale: str) -> str:
    return "" if amount is None else format_quantity(Quantity(amount, unit), locale)
