"""Cards and filters as finished HTML, remembered by what they show: the same card stands on many pages.

The components' own macros make them; a page only joins the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.cards import CardWords, marks_of, product_card
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.memory import CardName, Recent, Shared
from search.results import Highlight, Hit

_CARDS = 2_000
_FACETS = 1_000
_PIECES = 1_000
_SIGN = "\ue010"  # of private use: no text that people write holds it


def product_cards_html(
    rows: Iterable[CardRow], hits: Iterable[Hit], locale: str, words: CardWords, known: Shared
) -> list[Markup]:
    """The cards of a page, with what the search found marked."""
    marks = {hit.key: hit.highlights for hit in hits if hit.highlights}
    plain = known.cards if lives_in_database() else Shared().cards  # else rows may change under one state
    return [_card(row, marks.get(row.id, ()), locale, words, plain) for row in rows]


def _card(
    row: CardRow, highlights: tuple[Highlight, ...], locale: str, words: CardWords, plain: Recent[CardName, Markup]
) -> Markup:
    title, snippet = marks_of(highlights)
    if title is None and snippet is None:
        name = (row.id, locale, words.prefix)
        return plain.get(name) or plain.put(name, _whole(row, locale, words))
    frame = _frame(row, locale, words, title is not None, snippet is not None)
    filling = [mark for mark in (title, snippet) if mark is not None]
    if len(frame) != len(filling) + 1:  # a text that holds our own sign
        return _made(product_card(row, title, snippet, locale, words), words)
    pieces = [frame[0]]
    for mark, rest in zip(filling, frame[1:], strict=True):
        pieces += (mark, rest)
    return Markup("".join(pieces))  # noqa: S704 - the card's own macro and escaped texts


@lru_cache(maxsize=_CARDS)
def _whole(row: CardRow, locale: str, words: CardWords) -> Markup:
    return _made(product_card(row, None, None, locale, words), words)


@lru_cache(maxsize=_CARDS)
def _frame(row: CardRow, locale: str, words: CardWords, has_title: bool, has_snippet: bool) -> tuple[str, ...]:
    """The card cut where marked texts go: each search marks other words of the same goods."""
    sign = Markup(_SIGN)  # noqa: S704 - our own sign
    card = product_card(row, sign if has_title else None, sign if has_snippet else None, locale, words)
    return tuple(str(_made(card, words)).split(_SIGN))


def _made(card: Mapping[str, Any], words: CardWords) -> Markup:
    return fragment("components/cards.html", "product_card", card, words.labels, True, 3)


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
