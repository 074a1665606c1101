"""Cards and filters as finished HTML, remembered by what they show: the same card stands on many pages.

The components' own macros make them; a page only joins the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.cards import CardWords, product_card
from search.results import Highlight, Hit

_CARDS = 2_000
_FACETS = 1_000
_PIECES = 1_000


def product_cards_html(rows: Iterable[CardRow], hits: Iterable[Hit], locale: str, words: CardWords) -> list[Markup]:
    """The cards of a page."""
    marks = {hit.key: hit.highlights for hit in hits}
    labels = (_("MOQ"), _("Capacity"), _("Lead time"), _("Compare"))
    return [_card(row, marks.get(row.id, ()), locale, labels, words) for row in rows]


@lru_cache(maxsize=_CARDS)
def _card(
    row: CardRow, highlights: tuple[Highlight, ...], locale: str, labels: tuple[str, str, str, str], words: CardWords
) -> Markup:
    card = product_card(row, highlights, locale, words)
    named = dict(zip(("moq", "capacity", "lead_time", "compare"), labels, strict=True))
    made: Markup = _macro("components/cards.html", "product_card")(card, named, True, 3)
    return made


def facets_html(groups: Iterable[Mapping[str, Any]], locale: str) -> list[Markup]:
    """The filters by value."""
    return [
        _facet(
            group["param"],
            group["legend"],
            tuple((each["value"], each["label"], each["count"], each["is_checked"]) for each in group["options"]),
            bool(group["is_open"]),
            locale,
        )
        for group in groups
    ]


@lru_cache(maxsize=_FACETS)
def _facet(
    param: str, legend: str, options: tuple[tuple[str, str, str, bool], ...], is_open: bool, _locale: str
) -> Markup:
    names = ("value", "label", "count", "is_checked")
    shown = [dict(zip(names, each, strict=True)) for each in options]
    made: Markup = _macro("components/chips.html", "facet")(param, legend, shown, 6, is_open)
    return made


def piece(template: str, name: str, locale: str, *shown: Any) -> Markup:
    """A piece of a list page, made by the macro ``name`` of ``template`` from plain values."""
    return _piece(template, name, locale, shown)


@lru_cache(maxsize=_PIECES)
def _piece(template: str, name: str, _locale: str, shown: tuple[Any, ...]) -> Markup:
    made: Markup = _macro(template, name)(*shown)
    return made


def _macro(template: str, name: str) -> Any:
    return getattr(current_app.jinja_env.get_template(template).module, name)
