"""Rows -> what the card of a product and of a seller shows, as ready strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from marketplace.catalogue.labels import certificate_name
from marketplace.catalogue.queries import CardRow
from marketplace.discovery.facets import commodity_name, regency_name
from marketplace.i18n import formats
from marketplace.kernel.countries import country_name
from marketplace.kernel.measures import Quantity
from search.results import Highlight, Hit, Segment

# Formatting costs more than everything else on a card, and the same figures come again and again.
_MEMORY = 20_000
_has_signs = re.compile("[&<>\"']").search
MOST_BADGES = 4


@lru_cache(maxsize=_MEMORY)
def quantity_text(amount: Decimal, unit: str, locale: str) -> str:
    """An amount with its unit."""
    return formats.format_quantity(Quantity(amount, unit), locale)


@lru_cache(maxsize=2048)
def place_text(region: str, country: str, locale: str) -> str:
    """Where goods come from: the regency, or region and country abroad."""
    if country == "ID":
        return regency_name(region, locale) if region else country_name(country, locale)
    parts = [region, country_name(country, locale)]
    return formats.format_list([part for part in parts if part], locale, "facts")


@lru_cache(maxsize=2048)
def certificate_text(code: str, locale: str) -> str:
    """The name of a certificate."""
    return certificate_name(code, locale)


@lru_cache(maxsize=4096)
def commodity_text(key: str, locale: str) -> str:
    """The name of a commodity."""
    return commodity_name(key, locale)


def product_cards(rows: Iterable[CardRow], hits: Iterable[Hit], locale: str, words: CardWords) -> list[dict[str, Any]]:
    """The cards of a page, with what the search found marked in title and description."""
    by_key = {hit.key: hit.highlights for hit in hits}
    return [product_card(row, *marks_of(by_key.get(row.id, ())), locale, words) for row in rows]


@dataclass(frozen=True, eq=False)
class CardWords:
    """What the cards of one page share; the same object for all pages of a language, which is found faster so."""

    no_price: str
    prefix: str
    moq: str = ""
    capacity: str = ""
    lead_time: str = ""
    compare: str = ""

    @property
    def labels(self) -> Mapping[str, str]:
        """The words that the card's macro takes."""
        return {"moq": self.moq, "capacity": self.capacity, "lead_time": self.lead_time, "compare": self.compare}


@lru_cache(maxsize=64)
def card_words(prefix: str, _locale: str) -> CardWords:
    """The phrases of product cards in the language of the page, which is ``_locale``."""
    return CardWords(
        str(gettext("Price on request")),
        prefix,
        str(gettext("MOQ")),
        str(gettext("Capacity")),
        str(gettext("Lead time")),
        str(gettext("Compare")),
    )


@lru_cache(maxsize=4096)
def days_text(days: int, _locale: str) -> str:
    """A number of days in the language of the page, which is ``_locale``."""
    return str(ngettext("%(num)s day", "%(num)s days", days))


def product_card(
    row: CardRow, mark: Markup | None, snippet: Markup | None, locale: str, words: CardWords
) -> dict[str, Any]:
    """What the card of one product shows."""
    return {
        "key": row.id,
        "title": row.title,
        "mark": mark,
        "snippet": snippet,
        "href": f"{words.prefix}/products/{row.slug}",
        "picture": {"src": row.picture, "width": 320, "height": 240},
        "seller": row.producer or row.seller,
        "place": place_text(row.origin_region, row.origin_country, locale),
        "commodity": commodity_text(row.commodity, locale),
        "price": words.no_price
        if row.price is None
        else formats.stored_unit_price(row.price, row.price_currency, row.price_unit, locale),
        "price_note": row.price_term,
        "moq": "" if row.moq is None else quantity_text(row.moq, row.unit, locale),
        "capacity": "" if row.capacity_per_month is None else quantity_text(row.capacity_per_month, row.unit, locale),
        "lead_time": "" if row.lead_time_days is None else days_text(row.lead_time_days, locale),
        "badges": [certificate_text(code, locale) for code in row.certificates[:MOST_BADGES]],
    }


def table_rows(cards: Iterable[Mapping[str, Any]], locale: str) -> list[list[Any]]:
    """The same cards as rows of a dense table."""
    return [
        [
            {"text": card["title"], "href": card["href"], "note": card["commodity"]},
            card["seller"],
            card["place"],
            {"text": card["price"], "note": card["price_note"]},
            card["moq"],
            card["capacity"],
            card["lead_time"],
            formats.format_list(card["badges"], locale, "names"),
        ]
        for card in cards
    ]


def marks_of(highlights: tuple[Highlight, ...]) -> tuple[Markup | None, Markup | None]:
    """Title and extract with <mark> around what was found; everything else is escaped."""
    mark: Markup | None = None
    snippet: Markup | None = None
    for each in highlights:
        if len(each.segments) == 1 and not each.segments[0].is_match:
            continue  # most often nothing is marked at all
        for _text, is_match in each.segments:
            if is_match:
                break
        else:
            continue
        if each.field == "title":
            mark = marked(each.segments)
        else:
            snippet = marked(each.segments)
    return mark, snippet


def marked(segments: Iterable[Segment]) -> Markup:
    """Segments as HTML."""
    said = list(segments)
    if _has_signs("".join([text for text, _is_match in said])):  # most texts have none, and one look tells
        said = [Segment(escaped(text), is_match) for text, is_match in said]
    pieces = [f"<mark>{text}</mark>" if is_match else text for text, is_match in said]
    return Markup("".join(pieces))  # noqa: S704 - every text is escaped


def escaped(text: str) -> str:
    """A text as HTML; most have nothing to escape, and looking is cheaper than escaping."""
    return str(escape(text)) if _has_signs(text) else text
