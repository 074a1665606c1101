"""The texts of a product's card, escaped and ready for their places; a list of cards nobody has seen is mostly these.

What many cards say alike (places, kinds of goods, sellers, amounts) is written and escaped once.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.cards import (
    MOST_BADGES,
    CardWords,
    certificate_text,
    commodity_text,
    days_text,
    escaped,
    place_text,
    quantity_text,
)
from marketplace.i18n.formats import stored_unit_price

PLACES = ("key", "title", "href", "seller", "place", "commodity", "price", "price_note", "moq", "capacity",
          "lead_time")  # fmt: skip
SIGN = {name: chr(0xE040 + number) for number, name in enumerate((*PLACES, "mark", "snippet", "src"))}
BADGES = tuple(chr(0xE060 + number) for number in range(MOST_BADGES))
_SIGNS = "".join([SIGN[name] for name in (*PLACES, "src")])
_MEMORY = 8_192


class CardTexts(NamedTuple):
    """Escaped texts, and a sign for the place of each, in one order on every card."""

    signs: str
    texts: tuple[str, ...]


def card_texts(row: CardRow, locale: str, words: CardWords) -> CardTexts:
    """What the card of a product shows besides marks; a place without a text is left out."""
    unit = row.unit
    shown = (
        str(row.id),
        escaped(row.title),
        escaped(f"{words.prefix}/products/{row.slug}"),
        _escaped(row.producer or row.seller),
        _place(row.origin_region, row.origin_country, locale),
        _commodity(row.commodity, locale),
        _escaped(words.no_price)
        if row.price is None
        else _price(row.price, row.price_currency, row.price_unit, locale),
        _escaped(row.price_term),
        "" if row.moq is None else _quantity(row.moq, unit, locale),
        "" if row.capacity_per_month is None else _quantity(row.capacity_per_month, unit, locale),
        "" if row.lead_time_days is None else _days(row.lead_time_days, locale),
        _escaped(row.picture),
        *[_certificate(code, locale) for code in row.certificates[:MOST_BADGES]],
    )
    signs = _signs(len(row.certificates))
    if all(shown):
        return CardTexts(signs, shown)
    said = [(sign, text) for sign, text in zip(signs, shown, strict=True) if text]
    return CardTexts("".join([sign for sign, _ in said]), tuple([text for _, text in said]))


@lru_cache(maxsize=64)
def _signs(certificates: int) -> str:
    return _SIGNS + "".join(BADGES[:certificates])


@lru_cache(maxsize=_MEMORY)
def _escaped(text: str) -> str:
    return escaped(text)


@lru_cache(maxsize=1_024)
def _place(region: str, country: str, locale: str) -> str:
    return escaped(place_text(region, country, locale))


@lru_cache(maxsize=1_024)
def _commodity(key: str, locale: str) -> str:
    return escaped(commodity_text(key, locale))


@lru_cache(maxsize=_MEMORY)
def _price(amount: Decimal, currency: str, unit: str, locale: str) -> str:
    return escaped(stored_unit_price(amount, currency, unit, locale))


@lru_cache(maxsize=_MEMORY)
def _quantity(amount: Decimal, unit: str, locale: str) -> str:
    return escaped(quantity_text(amount, unit, locale))


@lru_cache(maxsize=1_024)
def _days(days: int, locale: str) -> str:
    return escaped(days_text(days, locale))


@lru_cache(maxsize=1_024)
def _certificate(code: str, locale: str) -> str:
    return escaped(certificate_text(code, locale))
