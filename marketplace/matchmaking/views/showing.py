"""Suggestions as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marketplace.catalogue.queries.cards import CardRow
from marketplace.i18n import formats
from marketplace.kernel.money import UnitPrice
from marketplace.matchmaking import wording
from marketplace.matchmaking.pooling import Pool


def suggested(row: CardRow, reasons: dict[str, Any], locale: str) -> dict[str, Any]:
    """One suggestion as ready strings."""
    price = ""
    if row.price is not None:
        price = formats.format_unit_price(UnitPrice(Decimal(row.price), row.price_currency, row.price_unit), locale)
    return {
        "product_id": row.id,
        "title": row.title,
        "slug": row.slug,
        "seller": row.producer or row.seller,
        "picture": row.picture,
        "price": price,
        "price_note": row.price_term,
        "for": wording.strength_sentences(reasons.get("for", ()), locale),
        "against": wording.obstacle_sentences(reasons.get("against", ()), locale),
        "open": wording.open_sentence(reasons.get("open", ()), locale),
    }


def pool_of(pool: Pool, rows: Mapping[int, Mapping[str, Any]], locale: str) -> dict[str, Any] | None:
    """Who makes how much of a quantity together, who coordinates and what is left, as ready strings; else None."""
    coordinator = pool.coordinator
    if coordinator is None:
        return None
    unit = coordinator.unit
    return {
        "parts": [
            (rows[part.product_id]["seller"], wording.quantity_of({"part": amount, "unit": unit}, "part", locale))
            for part, amount in pool.takes
        ],
        "coordinator": rows[coordinator.product_id]["seller"],
        "gap": wording.quantity_of({"gap": pool.gap, "unit": unit}, "gap", locale) if pool.gap else "",
    }
