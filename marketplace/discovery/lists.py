"""The list of products put together from what was found; who reads stands outside."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from marketplace.discovery.address import Wish
from marketplace.discovery.cards import card_words, product_cards, table_rows
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.fragments import found_cards_html, fragment, grid_html, product_cards_html
from marketplace.discovery.memory import Shared
from marketplace.discovery.nearest import nearest_goods
from marketplace.discovery.pieces import MACROS, product_page, request_href
from marketplace.discovery.presenting import hints
from marketplace.discovery.queries import Found
from marketplace.discovery.rows import card_rows
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.shapes import shaped

TEMPLATE = "discovery/products.html"


def product_list(wish: Wish, found: Found, locale: str, prefix: str, known: Shared) -> dict[str, Any]:
    """The finished texts of `TEMPLATE` by their places. Raises EngineUnavailable."""
    base = f"{prefix}/products"
    results = _results(wish, found, locale, prefix, known)
    return product_page(wish, found, base, locale, prefix, known, results, _related(found, locale, prefix, known))


def _results(wish: Wish, found: Found, locale: str, prefix: str, known: Shared) -> Markup:
    """Cards or a table; where there are none, ways on."""
    if not found.results.total:
        tips = hints(wish, found, f"{prefix}/products", locale, PRODUCT)
        near = nearest_goods(found.query.words, wish.chosen.get("commodity", ()), locale, prefix)
        return fragment(MACROS, "nothing", tips, request_href(wish, prefix), prefix, near)
    # without words nothing is marked, and the same cards stand together for everybody
    grids = known.grids if not wish.text and wish.view != "table" and lives_in_database() else None
    name = (tuple(found.results.keys), locale, prefix)
    if grids is not None and (made := grids.get(name)) is not None:
        return made
    words = card_words(prefix, locale)
    if wish.view == "table":
        if rows := card_rows(found.results.keys, locale, known):
            return fragment(MACROS, "table", table_rows(product_cards(rows, (), locale, words), locale))
    elif cards := found_cards_html(found.results.hits, locale, words, known):
        grid = grid_html(cards)
        return grid if grids is None else grids.put(name, grid)
    return fragment(MACROS, "nothing", [], request_href(wish, prefix), prefix, [])


def _related(found: Found, locale: str, prefix: str, known: Shared) -> Markup:
    """Behind a page with few finds: goods that are near to what was asked for."""
    rows = card_rows([hit.key for hit in found.results.related], locale, known) if found.results.related else []
    if not rows:
        return Markup()
    cards = product_cards_html(rows, (), locale, card_words(prefix, locale), known)
    return shaped(MACROS, "related", locale, cards)
