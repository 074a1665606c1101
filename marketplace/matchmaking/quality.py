"""What a fitted model can be held to by itself: figures for its card, made while it is fitted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from marketplace.matchmaking.reading import read

if TYPE_CHECKING:
    from matching.matcher import SupplierMatcher

LOOKED_UP = 60


def figures_of(matcher: SupplierMatcher, day: date) -> dict[str, Any]:
    """Figures of a fitted matcher: how often an offer's own title brings goods of its commodity to the top, by
    language, over an even sample; and the share of offers in which no known goods were read."""
    keys = sorted(matcher.offers_)
    step = max(1, len(keys) // LOOKED_UP)
    found: dict[str, list[bool]] = {}
    for key in keys[::step]:
        offer = matcher.offers_[key]
        for language, title in offer.titles.items():
            answer = matcher.recommend(read(title, language or "en", day), 1, today=day)
            first = matcher.offers_[answer.matches[0].offer] if answer.matches else None
            found.setdefault(language or "en", []).append(first is not None and first.commodity == offer.commodity)
    unread = sum(not matcher.readings_[key].goods for key in keys)
    return {
        "found_again": {language: round(sum(hits) / len(hits), 4) for language, hits in sorted(found.items())},
        "without_goods": round(unread / len(keys), 4) if keys else 0.0,
        "lexicon": matcher.lexicon_.version,
    }
