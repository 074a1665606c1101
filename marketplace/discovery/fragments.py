"""Cards and filters as finished HTML, remembered by what they show: the same card stands on many pages.

The components' own macros make them; a page only joins the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from flask import current_app
from markupsafe import Markup

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.card_texts import BADGES, SIGN, CardTexts, card_texts
from marketplace.discovery.cards import CardWords, escaped, marks_of
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.facets import Naming
from marketplace.discovery.memory import CardName, Shared
from marketplace.discovery.presenting import FacetShown, count_text, value_text
from marketplace.discovery.rows import rows_now
from marketplace.kernel.shapes import shaped
from search.results import Highlight, Hit

_CARDS = 2_000
_OPTIONS = 2_000
_AT_ONCE = 6  # options of a filter; the others fold away
_COUNT = "\ue07f"  # stands where an option says how many there are
_CHIPS = "components/chips.html"
_PIECES = 1_000
_SHAPES = 1_000
_ANY_SIGN = re.compile("([\ue040-\ue07f])")


def product_cards_html(
    rows: Iterable[CardRow], hits: Iterable[Hit], locale: str, words: CardWords, known: Shared
) -> list[Markup]:
    """The cards of products, with what the search found marked."""
    marks = {hit.key: hit.highlights for hit in hits if hit.highlights}
    held = _held(known)
    return [_made(row, marks.get(row.id, ()), locale, words, held) for row in rows]


def found_cards_html(hits: Sequence[Hit], locale: str, words: CardWords, known: Shared) -> list[Markup]:
    """The cards of what a search found; products that are not public any more are left out. Only those are read of
    which nothing is known."""
    held = _held(known)
    cards = {hit.key: _known_card(hit, locale, words, held) for hit in hits}
    missing = [hit for hit in hits if cards[hit.key] is None]
    if missing:
        rows = {row.id: row for row in rows_now([hit.key for hit in missing], locale)}
        for hit in missing:
            if (row := rows.get(hit.key)) is not None:
                cards[hit.key] = _made(row, hit.highlights, locale, words, held)
    return [card for card in cards.values() if card is not None]


def _held(known: Shared) -> Shared:
    return known if lives_in_database() else Shared()  # else rows may change under one state


def _known_card(hit: Hit, locale: str, words: CardWords, known: Shared) -> Markup | None:
    """The card as far as it can be made without a row."""
    name, highlights = (hit.key, locale, words.prefix), hit.highlights
    if highlights:
        last = known.marked.get(name)
        if last is not None and last[0] == highlights:
            return last[1]
    elif (made := known.cards.get(name)) is not None:
        return made
    texts = known.texts.get(name)
    return None if texts is None else _marked(name, texts, highlights, locale, words, known)


def _made(row: CardRow, highlights: tuple[Highlight, ...], locale: str, words: CardWords, known: Shared) -> Markup:
    name = (row.id, locale, words.prefix)
    texts = known.texts.get(name) or known.texts.put(name, card_texts(row, locale, words))
    return _marked(name, texts, highlights, locale, words, known)


def _marked(
    name: CardName, texts: CardTexts, highlights: tuple[Highlight, ...], locale: str, words: CardWords, known: Shared
) -> Markup:
    title, snippet = marks_of(highlights)
    if title is None and snippet is None:
        plain = known.cards.get(name)
        return plain if plain is not None else known.cards.put(name, _filled(*texts, locale, words))
    signs, shown = texts
    if title is not None:
        signs, shown = signs + SIGN["mark"], (*shown, title)
    if snippet is not None:
        signs, shown = signs + SIGN["snippet"], (*shown, snippet)
    return known.marked.put(name, (highlights, _filled(signs, shown, locale, words)))[1]


def _filled(signs: str, shown: tuple[str, ...], locale: str, words: CardWords) -> Markup:
    literals, chosen = _card_frame(signs, locale, words)
    parts = literals.copy()
    parts[1::2] = chosen(shown)
    return Markup("".join(parts))  # noqa: S704 - the card's own macro and escaped texts


@lru_cache(maxsize=_SHAPES)
def _card_frame(signs: str, _locale: str, words: CardWords) -> tuple[list[str], itemgetter[Any]]:
    """A card that shows what ``signs`` stand for, made once by the macro: in a long list each call of it is dear.

    Gives literal texts with a place between each two, and what chooses the texts of these places.
    """
    card: dict[str, Any] = {name: Markup(sign) for name, sign in SIGN.items() if sign in signs}  # noqa: S704 - ours
    card["picture"] = {"src": card.pop("src"), "width": 320, "height": 240} if "src" in card else {}
    card["badges"] = [Markup(sign) for sign in BADGES if sign in signs]  # noqa: S704 - our own signs
    made = fragment("components/cards.html", "product_card", card, words.labels, True, 3)
    parts = _ANY_SIGN.split(made)
    return parts, itemgetter(*[signs.index(sign) for sign in parts[1::2]])


def grid_html(cards: Iterable[Markup]) -> Markup:
    """Cards as a grid; its macro is asked once what stands around and between them."""
    before, between, behind = _grid()
    return Markup(f"{before}{between.join(cards)}{behind}")  # noqa: S704 - the macro's own, and finished cards


@lru_cache(maxsize=1)
def _grid() -> tuple[str, str, str]:
    sign = Markup(_COUNT)  # noqa: S704 - our own sign
    before, between, behind = str(fragment("discovery/macros.html", "card_grid", [sign, sign])).split(_COUNT)
    return before, between, behind


def facets_html(groups: Iterable[FacetShown], locale: str) -> list[Markup]:
    """The filters by value."""
    return [_facet(group, locale) for group in groups]


def _facet(group: FacetShown, locale: str) -> Markup:
    """Options that are rendered already, each but for its count: nearly every search counts anew."""
    param, legend, name, values, chosen, is_open = group
    is_tree = param == "category"
    options = []
    for value, count in values:
        before, behind = _option(param, name, value, value.count("/") if is_tree else 0, value in chosen, locale)
        options.append(f"{before}{_count(count, locale)}{behind}")
    shown, folded = ("".join(part) for part in (options[:_AT_ONCE], options[_AT_ONCE:]))
    return shaped(
        _CHIPS, "facet_of", locale, legend, Markup(shown), Markup(folded),  # noqa: S704 - the macro's own
        max(0, len(options) - _AT_ONCE), is_open,
    )  # fmt: skip


@lru_cache(maxsize=_OPTIONS)
def _option(param: str, name: Naming, value: str, depth: int, is_checked: bool, locale: str) -> tuple[str, str]:
    """An option of a filter as the component's macro makes it, before its count and behind it."""
    label = value_text(name, value, locale, depth)
    option = {"value": value, "label": label, "count": Markup(_COUNT), "is_checked": is_checked}  # noqa: S704 - ours
    before, _, behind = str(fragment(_CHIPS, "facet_option", param, option)).rpartition(_COUNT)
    return before, behind


@lru_cache(maxsize=8_192)
def _count(count: int, locale: str) -> str:
    return escaped(count_text(count, locale))


def fragment(template: str, name: str, *shown: Any) -> Markup:
    """What the macro ``name`` of ``template`` makes of values."""
    made: Markup = _macro(template, name)(*shown)
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
