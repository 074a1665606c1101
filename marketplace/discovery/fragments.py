"""Cards and filters as finished HTML, remembered by what they show: the same card stands on many pages.

The components' own macros make them; a page only joins the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.cards import MOST_BADGES, CardWords, escaped, marks_of, product_card
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.memory import Shared
from marketplace.kernel.frames import Frame
from marketplace.kernel.shapes import shaped
from search.results import Highlight, Hit

_CARDS = 2_000
_OPTIONS = 2_000
_AT_ONCE = 6  # options of a filter; the others fold away
_COUNT = "\ue07f"  # stands where an option says how many there are
_CHIPS = "components/chips.html"
_PIECES = 1_000
_SHAPES = 1_000
_PLACES = ("key", "title", "href", "seller", "place", "commodity", "price", "price_note", "moq", "capacity",
           "lead_time")  # fmt: skip
_SIGN = {name: chr(0xE040 + number) for number, name in enumerate((*_PLACES, "mark", "snippet", "src"))}
_PLACED = tuple((name, _SIGN[name]) for name in _PLACES)
_BADGES = tuple(chr(0xE060 + number) for number in range(MOST_BADGES))
_SIGNS = re.compile("([\ue040-\ue07f])")


def product_cards_html(
    rows: Iterable[CardRow], hits: Iterable[Hit], locale: str, words: CardWords, known: Shared
) -> list[Markup]:
    """The cards of a page, with what the search found marked."""
    marks = {hit.key: hit.highlights for hit in hits if hit.highlights}
    held = known if lives_in_database() else Shared()  # else rows may change under one state
    return [_card(row, marks.get(row.id, ()), locale, words, held) for row in rows]


def _card(row: CardRow, highlights: tuple[Highlight, ...], locale: str, words: CardWords, known: Shared) -> Markup:
    title, snippet = marks_of(highlights)
    name = (row.id, locale, words.prefix)
    if title is None and snippet is None and (made := known.cards.get(name)) is not None:
        return made
    texts = known.texts.get(name)
    if texts is None:
        texts = known.texts.put(name, _texts(product_card(row, None, None, locale, words)))
    if title is None and snippet is None:
        return known.cards.put(name, _filled(texts, locale, words))
    marked = dict(texts)
    if title is not None:
        marked[_SIGN["mark"]] = title
    if snippet is not None:
        marked[_SIGN["snippet"]] = snippet
    return _filled(marked, locale, words)


def _texts(card: Mapping[str, Any]) -> dict[str, str]:
    """What a card shows, escaped, by the sign of its place."""
    texts = {sign: escaped(str(text)) for name, sign in _PLACED if (text := card[name])}
    if card["picture"]:
        texts[_SIGN["src"]] = escaped(card["picture"]["src"])
    texts.update(zip(_BADGES, map(escaped, card["badges"]), strict=False))
    return texts


def _filled(texts: Mapping[str, str], locale: str, words: CardWords) -> Markup:
    frame = _card_frame("".join(texts), locale, words)  # they stand in one order on every card
    return Markup(frame.filled(texts))  # noqa: S704 - the card's own macro and escaped texts


@lru_cache(maxsize=_SHAPES)
def _card_frame(signs: str, _locale: str, words: CardWords) -> Frame:
    """A card that shows what ``signs`` stand for, made once by the macro: in a long list each call of it is dear."""
    card: dict[str, Any] = {name: Markup(sign) for name, sign in _SIGN.items() if sign in signs}  # noqa: S704 - ours
    card["picture"] = {"src": card.pop("src"), "width": 320, "height": 240} if "src" in card else {}
    card["badges"] = [Markup(sign) for sign in _BADGES if sign in signs]  # noqa: S704 - our own signs
    made = fragment("components/cards.html", "product_card", card, words.labels, True, 3)
    return Frame(made, _SIGNS)


def facets_html(groups: Iterable[Mapping[str, Any]], locale: str) -> list[Markup]:
    """The filters by value."""
    return [_facet(group, locale) for group in groups]


def _facet(group: Mapping[str, Any], locale: str) -> Markup:
    """Options that are rendered already, each but for its count: nearly every search counts anew."""
    param, options = group["param"], []
    for each in group["options"]:
        before, behind = _option(param, each["value"], each["label"], each["is_checked"], locale)
        options.append(f"{before}{escaped(each['count'])}{behind}")
    shown, folded = ("".join(part) for part in (options[:_AT_ONCE], options[_AT_ONCE:]))
    return shaped(
        _CHIPS, "facet_of", locale, group["legend"], Markup(shown), Markup(folded),  # noqa: S704 - the macro's own
        max(0, len(options) - _AT_ONCE), bool(group["is_open"]),
    )  # fmt: skip


@lru_cache(maxsize=_OPTIONS)
def _option(param: str, value: str, label: str, is_checked: bool, _locale: str) -> tuple[str, str]:
    """An option of a filter as the component's macro makes it, before its count and behind it."""
    option = {"value": value, "label": label, "count": Markup(_COUNT), "is_checked": is_checked}  # noqa: S704 - ours
    before, _, behind = str(fragment(_CHIPS, "facet_option", param, option)).rpartition(_COUNT)
    return before, behind


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
