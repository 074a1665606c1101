"""What a search box offers while typing: goods by any of their names, what others look for, products and sellers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.discovery import sitemap
from marketplace.discovery.engine import engine
from marketplace.discovery.models import SearchLog
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.kernel.clock import today
from search.analysis import fold, lexicon, words
from search.errors import EngineUnavailable
from search.query import FacetWanted, Query

MOST = 8
_GOODS = 2
_ASKED = 2
_LOOKED_BACK = timedelta(days=90)
_OFTEN = 5  # a text that fewer searches had says more about a person than about the market
_KEPT_TEXTS = 2_000
_KEPT_SECONDS = 600.0
_ANYTHING_SHORTER = 2
_asked: dict[str, tuple[float, tuple[tuple[str, str], ...]]] = {}
_lock = Lock()


@dataclass(frozen=True)
class Offer:
    """One line under the search box: its text, where it leads, and what kind of thing it is."""

    text: str
    href: str
    note: str

    def as_value(self) -> dict[str, str]:
        """As the page's script reads it."""
        return {"text": self.text, "href": self.href, "note": self.note}


def suggestions(session: Session, typed: str, locale: str, prefix: str, recent: Sequence[str] = ()) -> list[Offer]:
    """At most eight offers, each text once, the person's own ``recent`` searches before those of others; without an
    engine that answers, these alone."""
    found = [*_own(typed, recent, prefix), *_searches(session, typed, locale, prefix)]
    with suppress(EngineUnavailable):
        found = [*_goods(typed, locale, prefix), *found, *_documents(session, typed, locale, prefix)]
    return list({offer.text: offer for offer in reversed(found)}.values())[::-1][:MOST]


def _goods(typed: str, locale: str, prefix: str) -> Iterable[Offer]:
    start = fold(typed).strip()
    if len(start) < _ANYTHING_SHORTER and start.isascii():
        return
    registry = load_registry()
    inside = f" {start}" if start.isascii() else start  # Chinese puts no blank between words
    named = (key for name, key in _names(id(lexicon()), locale) if name.startswith(start) or inside in name)
    keys = dict.fromkeys(named)
    offered = _on_the_market(id(engine()), engine().revision() or today().isoformat()) if keys else frozenset()
    for key in [key for key in keys if key in offered][:_GOODS]:
        yield Offer(registry.commodities[key].name(locale), f"{prefix}/products?commodity={key}", _("Commodity"))


@lru_cache(maxsize=10)
def _names(_reading: int, locale: str) -> tuple[tuple[str, str], ...]:
    """Folded names of goods with their keys: those of the reader's language first, shorter ones before longer ones."""
    known = lexicon().concepts
    found: list[tuple[bool, int, str, str]] = []
    for key, commodity in load_registry().commodities.items():
        own = {fold(commodity.name(locale)), *(map(fold, known[key].names.get(locale, ())) if key in known else ())}
        every = {fold(name) for names in (known[key].names.values() if key in known else ()) for name in names}
        found += [(name not in own, len(name), name, key) for name in own | every]
    return tuple((name, key) for _is_foreign, _length, name, key in sorted(found))


@lru_cache(maxsize=2)
def _on_the_market(_engine: int, _revision: str) -> frozenset[str]:
    """Goods that somebody sells; counted once for each state of the index."""
    facet = engine().search(Query(facets=(FacetWanted("commodity", size=400),), size=1)).facet("commodity")
    return frozenset(each.value for each in (facet.values if facet else ()) if each.count)


def _own(typed: str, recent: Sequence[str], prefix: str) -> Iterable[Offer]:
    start = fold(typed).strip()
    fitting = [text for text in recent if start and fold(text).startswith(start) and fold(text) != start]
    return [Offer(text, f"{prefix}/products?{urlencode({'q': text})}", _("You searched")) for text in fitting[:_ASKED]]


def _searches(session: Session, typed: str, locale: str, prefix: str) -> Iterable[Offer]:
    start = fold(typed).strip()
    if len(start) < _ANYTHING_SHORTER and start.isascii():
        return
    fitting = [text for folded, text in asked_often(session, locale) if folded.startswith(start) and folded != start]
    for text in fitting[:_ASKED]:
        yield Offer(text, f"{prefix}/products?{urlencode({'q': text})}", _("Often searched"))


def asked_often(session: Session, locale: str) -> tuple[tuple[str, str], ...]:
    """Texts that many searches had and that found something, folded and as typed, the most frequent first.

    Only words of the trade's own lexicon: nobody can put a sentence of theirs under everyone's search box.
    """
    known = _asked.get(locale)
    if known is not None and monotonic() - known[0] < _KEPT_SECONDS:
        return known[1]
    total = func.sum(SearchLog.count)
    rows = session.execute(
        select(SearchLog.text, total)
        .where(
            SearchLog.language == locale,
            SearchLog.results > 0,
            SearchLog.day >= (today() - _LOOKED_BACK).isoformat(),
        )
        .group_by(SearchLog.text)
        .having(total >= _OFTEN)
        .order_by(total.desc(), SearchLog.text)
        .limit(_KEPT_TEXTS)
    )
    kept = tuple((fold(row.text), row.text) for row in rows if _is_trade(row.text, locale))
    with _lock:
        _asked[locale] = (monotonic(), kept)
    return kept


def forget_asked() -> None:
    """Read anew what is asked often (tests)."""
    _asked.clear()


def _is_trade(text: str, locale: str) -> bool:
    if locale.startswith("zh"):
        covered = sum(len(hit.surface) for hit in lexicon().find(text, locale))
        return covered * 2 > len(text)
    return all(lexicon().knows(word) for word in words(text, locale) if word.isalpha())


def _documents(session: Session, typed: str, locale: str, prefix: str) -> Iterable[Offer]:
    found: Any = engine().suggest(typed, locale, limit=MOST)
    names = {SELLER: _("Pesantren"), PRODUCT: _("Product")}
    slugs = sitemap.slugs_of(session, [(each.kind, each.key) for each in found])
    return [
        Offer(each.text, f"{prefix}{slugs[each.kind, each.key]}", names[each.kind])
        for each in found
        if (each.kind, each.key) in slugs
    ]
