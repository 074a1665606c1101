"""What lists show of a product, kept with it: recomputed here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from marketplace.catalogue.models import Certificate, PriceRung, Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.card import card_rung, contents_of, price_per_kg_usd
from marketplace.catalogue.rules.trade import Rung
from marketplace.kernel.exchange import reference_rates
from marketplace.kernel.measures import Contents


def refresh_card(product: Product) -> None:
    """Bring the card's columns in line with a product whose parts are loaded."""
    commodity = load_registry().commodity(product.commodity)
    contents = contents_of(product.unit, product.unit_weight_kg, commodity.contents(), product.packing)
    columns = price_columns([rung_of(row) for row in product.prices], product.moq, product.unit, contents)
    columns["card_titles"] = {text.language: text.title for text in product.texts}
    columns["card_certificates"] = certificate_entries(link.certificate for link in product.certificates)
    columns["cover_photo"] = min(product.photos, key=lambda p: p.position).stem if product.photos else ""
    for name, value in columns.items():
        if getattr(product, name) != value:
            setattr(product, name, value)


def price_columns(rungs: list[Rung], moq: Decimal | None, unit: str, contents: Contents) -> dict[str, Any]:
    """The card's price columns for these ladders."""
    rung = card_rung(rungs, moq, unit or "kg", contents)
    if rung is None:
        return {
            "card_price": None, "card_price_currency": "", "card_price_unit": "", "card_price_term": "",
            "price_per_kg_usd": None,
        }  # fmt: skip
    return {
        "card_price": rung.unit_price,
        "card_price_currency": rung.currency,
        "card_price_unit": rung.unit,
        "card_price_term": f"{rung.incoterm} {rung.place}"[:80],
        "price_per_kg_usd": price_per_kg_usd(rung, contents, reference_rates()),
    }


def certificate_entries(certificates: Iterable[Certificate]) -> list[Any]:
    """Verified certificates as the card keeps them: code, first and last day; readers drop those not valid today."""
    return sorted(
        [
            held.code,
            held.valid_from.isoformat() if held.valid_from else None,
            held.valid_to.isoformat() if held.valid_to else None,
        ]
        for held in certificates
        if held.verified_at is not None
    )


def rung_of(row: PriceRung) -> Rung:
    """A row of a ladder as a plain value."""
    return Rung(row.incoterm, row.place, row.unit, row.currency, row.min_quantity, row.unit_price)
