"""The list pages put together: each page joins pieces that are remembered by what they show."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from marketplace.discovery.address import VIEWS, Wish
from marketplace.discovery.cards import escaped
from marketplace.discovery.facets import PRICES, category_name, commodity_name
from marketplace.discovery.fragments import facets_html, piece
from marketplace.discovery.memory import FiltersShown, Shared
from marketplace.discovery.presenting import chips, count_text, facet_groups, pages, spans_of
from marketplace.discovery.queries import Found
from marketplace.kernel.shapes import Same, shaped
from search.results import Results

MACROS = "discovery/macros.html"
_ENDS = ("min", "max")
_Pairs = tuple[tuple[str, str], ...]
_Name = TypeVar("_Name", int | None, str)
_FIRST_SIGN = 0xE0A0  # characters of private use that stand for addresses
_TEXT = "\ue0c0"  # stands where a title says the text of a search


def product_page(
    wish: Wish, found: Found, base: str, locale: str, prefix: str, known: Shared, results: Markup, related: Markup
) -> dict[str, Any]:
    """The pieces of the product list."""
    title = title_of(wish, locale)
    count = found.results.total
    views = [(view, base + wish.query_string(view=view)) for view in VIEWS]
    hidden = _without(wish, "sort")
    bar = shaped(
        MACROS, "product_bar", locale, base, _products(count, locale), hidden, Same(wish.sort),
        [(Same(view), href) for view, href in views], Same(wish.view), bool(wish.text),
        [Same(each) for each in _prices_to_sort_by(wish)],
    )  # fmt: skip
    # what depends on the words of a search is put into a mould, since hardly anybody asks for the same again
    kept = wish.query_string(page=1, view=VIEWS[0])  # as ``to_keep`` has it
    save_href = f"{prefix}/saved-searches/new{kept}" if wish.text or wish.is_filtered else ""
    instead = (
        shaped(MACROS, "post_instead", locale, request_href(wish, prefix))
        if wish.text and found.results.hits
        else Markup()
    )
    return {
        "title": title,
        "head": shaped("components/navigation.html", "page_head", locale, title),
        "filters": _filters(wish, found.results, base, locale, known),
        "bar": bar,
        "understood": _understood(wish, found, base, locale),
        "results": results,
        "related": related,
        "pages": _pages(wish, found, base, locale),
        "save": shaped(MACROS, "save", locale, save_href) if save_href else Markup(),
        "post_instead": instead,
        "tray": piece("components/compare.html", "compare_tray", locale, f"{prefix}/compare"),
    }


def seller_page(wish: Wish, found: Found, base: str, locale: str, known: Shared) -> dict[str, Any]:
    """The pieces of the list of pesantren besides the cards."""
    lead = _("Boarding schools of East Java and the business units that sell for them.")
    count = found.results.total
    return {
        "head": piece("components/navigation.html", "page_head", locale, str(_("Pesantren")), None, lead),
        "filters": _filters(wish, found.results, base, locale, known),
        "bar": piece(MACROS, "seller_bar", locale, count, count_text(count, locale)),
        "understood": _understood(wish, found, base, locale),
        "pages": _pages(wish, found, base, locale),
        "base": base,
        "text": wish.text,
        "is_narrowed": is_narrowed(wish),
    }


def _prices_to_sort_by(wish: Wish) -> list[str]:
    """Besides the price for a kilogram: by the unit that all chosen goods are priced in, and by what was asked for."""
    offered = {each.param for each in wish.spans}
    return [each.param for each in PRICES.values() if each.param in offered or wish.sort.lstrip("-") == each.param]


def is_narrowed(wish: Wish) -> bool:
    """Whether this is another page than the plain list, which alone is for search engines."""
    return bool(wish.text or wish.is_filtered or wish.page > 1 or wish.sort)


def request_href(wish: Wish, prefix: str) -> str:
    """Where the words of a search become a request."""
    return f"{prefix}/requests/new?{urlencode({'text': wish.text})}"


@lru_cache(maxsize=2_048)
def _products(count: int, locale: str) -> str:
    """How many products there are, in the language of the page, which is ``locale``."""
    return str(ngettext("%(total)s product", "%(total)s products", count, total=count_text(count, locale)))


def _understood(wish: Wish, found: Found, base: str, locale: str) -> Markup:
    """Repairs, conditions that were read, chosen filters."""
    results, conditions = found.results, chips(wish, found, base, locale)
    typed, is_relaxed = wish.text if results.did_you_mean else "", results.is_relaxed and bool(results.total)
    if wish.unreadable or results.unknown_words or found.set_aside:  # lists are put into words, which no mould can do
        return piece(
            MACROS, "understood", locale, typed, wish.unreadable, results.did_you_mean, results.unknown_words,
            is_relaxed, tuple(conditions), found.set_aside,
        )  # fmt: skip
    shown = [vars(condition) for condition in conditions]
    return shaped(MACROS, "understood", locale, typed, (), results.did_you_mean, (), is_relaxed, shown, ())


def _pages(wish: Wish, found: Found, base: str, locale: str) -> Markup:
    """The pagination: rendered once for its numbers, then led to the addresses of this list."""
    around = pages(wish, found.results.total, base)
    hrefs = [href for _number, href in around.numbers]
    signed = _signed(around.numbers)
    made = piece(
        "components/navigation.html", "pagination", locale, signed, around.current,
        around.previous_href and _sign(len(hrefs)), around.next_href and _sign(len(hrefs) + 1),
    )  # fmt: skip
    return _led(made, [*hrefs, around.previous_href or "", around.next_href or ""])


def _signed(links: Iterable[tuple[_Name, str]]) -> tuple[tuple[_Name, str], ...]:
    """Names of links with signs in place of their addresses."""
    return tuple([(name, _sign(number)) for number, (name, _href) in enumerate(links)])


def _sign(number: int) -> str:
    return chr(_FIRST_SIGN + number)


def _led(made: Markup, hrefs: Iterable[str]) -> Markup:
    """A piece with addresses in the places of their signs."""
    text = str(made)
    for number, href in enumerate(hrefs):
        if href:
            text = text.replace(_sign(number), escaped(href))
    return Markup(text)  # noqa: S704 - the piece's own macro and escaped addresses


def _filters(wish: Wish, results: Results, base: str, locale: str, known: Shared) -> Markup:
    """All filters; the same on every page of a list."""
    name = (base, locale, wish.query_string(page=1))
    made = known.filters.get(name)
    if made is not None:
        return made
    shown = _shown(wish, results, locale, known)
    made = shaped(
        MACROS, "filters", locale, base, _without(wish, *shown.names), [shown.facets] if shown.facets else [],
        shown.spans, base + wish.without_filters().query_string() if wish.is_filtered else "",
    )  # fmt: skip
    return known.filters.put(name, made)


def _shown(wish: Wish, results: Results, locale: str, known: Shared) -> FiltersShown:
    """What filters show; the same for all lists that nothing but words narrows and that count the same."""
    is_plain = not wish.is_filtered and not wish.typed
    name = (id(results.facets), locale)
    last = known.counted.get(name) if is_plain else None
    if last is not None and last[0] is results.facets:
        return last[1]
    groups = facet_groups(wish, results, locale)
    spans = spans_of(wish, results, locale)
    made = FiltersShown(
        frozenset([group.param for group in groups] + [f"{span.param}.{end}" for span in spans for end in _ENDS]),
        Markup("").join(facets_html(groups, locale)),
        [vars(span) for span in spans],
    )
    if is_plain:
        known.counted.put(name, (results.facets, made))
    return made


def _without(wish: Wish, *names: str) -> _Pairs:
    """The address's pairs without some names, for the hidden inputs of a form that asks for those itself."""
    return tuple((name, value) for name, value in wish.lasting if name not in names)


def title_of(wish: Wish, locale: str) -> str:
    """What the list shows, for the head of the page and of the window."""
    if wish.text:
        before, _sign_of_text, behind = _results_for(locale).partition(_TEXT)
        return f"{before}{wish.text}{behind}"
    for param, name in (("commodity", commodity_name), ("category", category_name)):
        chosen = wish.chosen.get(param, ())
        if len(chosen) == 1:
            return name(chosen[0], locale)
    return _all_products(locale)


@lru_cache(maxsize=16)
def _results_for(_locale: str) -> str:
    """The title of a search in the language of the page, which is ``_locale``, with a sign in the place of its text."""
    return str(_("Results for “%(text)s”", text=_TEXT))


@lru_cache(maxsize=16)
def _all_products(_locale: str) -> str:
    """In the language of the page, which is ``_locale``."""
    return str(_("Products"))
