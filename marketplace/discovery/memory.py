"""What pages made from one state of the market share: counts of filters, rows of cards, finished pieces.

Every visible change counts the market's state up in its own transaction, so nothing here has to be taken back: it is
forgotten with its state.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from flask import Flask, current_app
from markupsafe import Markup

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.card_texts import CardTexts
from marketplace.discovery.page_cache import market_state
from search.query import Query
from search.results import Facet, Highlight

_KEY = "souq_discovery_memory"
_MOST_STATES = 2  # the present one, and the one that slow requests began with
_ROWS, _CARDS, _MARKED, _FACETS, _COUNTED, _FILTERS, _GRIDS, _QUERIES = 1_500, 1_500, 360, 200, 50, 150, 50, 50
CardName = tuple[int, str, str]  # key, language and prefix
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A dictionary of at most ``most`` entries that forgets the longest unused; threads may share it, since every step
    is one operation of a dictionary."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What is known under ``key``."""
        found = self._known.get(key)
        if found is not None:
            try:
                self._known.move_to_end(key)
            except KeyError:  # another thread has let it go since
                return found
        return found

    def put(self, key: K, value: V) -> V:
        """Remember ``value``, and give it back."""
        self._known[key] = value
        while len(self._known) > self._most:
            try:
                self._known.popitem(last=False)
            except KeyError:  # another thread took the last one
                break
        return value


class FiltersShown(NamedTuple):
    """The filters of a list: the names that they have in a form, those by value as HTML, those by number."""

    names: frozenset[str]
    facets: Markup
    spans: Sequence[Mapping[str, Any]]


class Shared:
    """Everything known of one state of the market."""

    def __init__(self) -> None:
        self.rows: Recent[tuple[int, str], CardRow] = Recent(_ROWS)  # key and language
        self.cards: Recent[CardName, Markup] = Recent(_CARDS)
        # the last card with marks in it, and which ones
        self.marked: Recent[CardName, tuple[tuple[Highlight, ...], Markup]] = Recent(_MARKED)
        self.texts: Recent[CardName, CardTexts] = Recent(_CARDS)
        self.grids: Recent[tuple[tuple[int, ...], str, str], Markup] = Recent(_GRIDS)  # keys, language and prefix
        self.facets: Recent[tuple[str, str, str], tuple[Facet, ...]] = Recent(_FACETS)  # kind, language, narrowing
        self.queries: Recent[tuple[str, str, str, str], Query] = Recent(_QUERIES)  # the same, and the order
        # of unfiltered lists, by counts (their own object, which is kept) and language: what their filters show
        self.counted: Recent[tuple[int, str], tuple[tuple[Facet, ...], FiltersShown]] = Recent(_COUNTED)
        self.filters: Recent[tuple[str, str, str], Markup] = Recent(_FILTERS)  # base, language, query


class _Memory:
    """States and what is known of each; a state is forgotten when newer ones come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, Shared] = {}

    def of(self, state: str) -> Shared:
        with self._lock:
            found = self._states.get(state)
            if found is None:
                while len(self._states) >= _MOST_STATES:
                    del self._states[next(iter(self._states))]
                found = self._states[state] = Shared()
            return found


def shared() -> Shared:
    """What is known of the market as this request found it; an empty memory where the state cannot be told."""
    return shared_of(current_app, market_state())


def shared_of(app: Flask, state: str | None) -> Shared:
    """The same where a request has found ``state`` already."""
    if not state:
        return Shared()
    memory: _Memory = app.extensions.setdefault(_KEY, _Memory())
    return memory.of(state)
