"""Cards for pages outside of search, made by the same hand as those of the results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.cards import product_cards
from marketplace.discovery.views import card_words


def cards_of(rows: Iterable[CardRow], locale: str, prefix: str) -> list[dict[str, Any]]:
    """What the card macro shows of these products."""
    return product_cards(rows, (), locale, card_words(prefix))
