"""The list pages put together: each page joins pieces that are remembered by what they show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.discovery.address import VIEWS, Wish
from marketplace.discovery.facets import category_name, commodity_name
from marketplace.discovery.fragments import facets_html, piece
from marketplace.discovery.presenting import chips, count_text, facet_groups, pages, spans_of
from marketplace.discovery.queries import Found

_MACROS = "discovery/macros.html"
_Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pieces:
    """Everything on a list page but its cards."""

    head: Markup
    filters: Markup
    bar: Markup
    understood: Markup
    pages: Markup
    tray: Markup


def product_page(wish: Wish, found: Found, base: str, locale: str, prefix: str) -> dict[str, Any]:
    """What the template of the product list needs besides the cards."""
    title = title_of(wish, locale)
    views = tuple((view, base + wish.seen_as(view).query_string()) for view in VIEWS)
    count = found.results.total
    hidden = _without(replace(wish, page=1), "sort")
    bar = piece(
        _MACROS, "product_bar", locale, base, count, count_text(count, locale), hidden, wish.sort, wish.view, views,
        bool(wish.text),
    )  # fmt: skip
    head = piece("components/navigation.html", "page_head", locale, title)
    tray = piece("components/compare.html", "compare_tray", locale, f"{prefix}/compare")
    return _page(wish, title, _pieces(wish, found, base, locale, head, bar, tray))


def seller_page(wish: Wish, found: Found, base: str, locale: str) -> dict[str, Any]:
    """What the template of the seller list needs besides the cards."""
    lead = _("Boarding schools of East Java and the business units that sell for them.")
    title = str(_("Pesantren"))
    head = piece("components/navigation.html", "page_head", locale, title, None, lead)
    bar = piece(_MACROS, "seller_bar", locale, found.results.total, count_text(found.results.total, locale))
    return {**_page(wish, title, _pieces(wish, found, base, locale, head, bar, Markup())), "base": base}


def _page(wish: Wish, title: str, pieces: Pieces) -> dict[str, Any]:
    return {
        "pieces": pieces,
        "title": title,
        "text": wish.text,
        "results_label": _("Results"),
        "is_narrowed": bool(wish.text or wish.is_filtered or wish.page > 1 or wish.sort),
    }


def _pieces(wish: Wish, found: Found, base: str, locale: str, head: Markup, bar: Markup, tray: Markup) -> Pieces:
    results = found.results
    groups = facet_groups(wish, results, locale)
    spans = spans_of(wish, results, locale)
    shown = {group["param"] for group in groups} | {f"{span.param}.{end}" for span in spans for end in ("min", "max")}
    around = pages(wish, results.total, base)
    return Pieces(
        head=head,
        filters=piece(
            _MACROS, "filters", locale, base, _without(replace(wish, page=1), *shown),
            tuple(facets_html(groups, locale)), spans,
            base + wish.without_filters().query_string() if wish.is_filtered else "",
        ),
        bar=bar,
        understood=piece(
            _MACROS, "understood", locale, wish.text, wish.unreadable, results.did_you_mean, results.unknown_words,
            results.is_relaxed and bool(results.total), tuple(chips(wish, found, base, locale)),
        ),
        pages=piece(
            "components/navigation.html", "pagination", locale, around.numbers, around.current, around.previous_href,
            around.next_href,
        ),
        tray=tray,
    )  # fmt: skip


def _without(wish: Wish, *names: str) -> _Pairs:
    """The address's pairs without some names, for the hidden inputs of a form that asks for those itself."""
    return tuple((name, value) for name, value in wish.pairs() if name not in names)


def title_of(wish: Wish, locale: str) -> str:
    """What the list shows, for the head of the page and of the window."""
    if wish.text:
        return str(_("Results for “%(text)s”", text=wish.text))
    for param, name in (("commodity", commodity_name), ("category", category_name)):
        chosen = wish.chosen.get(param, ())
        if len(chosen) == 1:
            return name(chosen[0], locale)
    return str(_("Products"))
