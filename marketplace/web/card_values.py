"""Cards for pages outside of search, made by the same hand as those of the results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from marketplace.catalogue.queries import CardRow
from marketplace.discovery.cards import CardWords, product_cards


def cards_of(rows: Iterable[CardRow], locale: str, prefix: str) -> list[dict[str, Any]]:
    """What the card macro shows of these products."""
    return product_cards(rows, (), locale, CardWords(str(_("Price on request")), prefix))
