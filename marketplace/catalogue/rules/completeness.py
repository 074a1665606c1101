"""What a listing must say before anyone may see it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What is known of a listing, as plain values; ``missing_specs`` holds the keys of required fields left out.

    ``moq`` is the smallest order that holds: the seller's own, or the usual one that the seller has accepted.
    Packing is said by its words or by its figures.
    """

    title: str
    producer_id: int | None
    hs_code: str
    unit: str
    moq: Decimal | None
    capacity_per_month: Decimal | None
    lead_time_days: int | None
    packaging: str
    has_packing: bool
    origin_country: str
    price_count: int
    photo_count: int
    missing_specs: tuple[str, ...]


def missing_items(facts: ListingFacts, *, needs_photo: bool = True) -> list[str]:
    """Codes of everything that is missing: ``title``, ``moq``, ``spec:species`` … in the order of the form.

    An import is held to all of it but the photo, which no spreadsheet carries.
    """
    have = {
        "title": bool(facts.title),
        "producer": facts.producer_id is not None,
        "origin": bool(facts.origin_country),
        "hs": bool(facts.hs_code),
        **{f"spec:{key}": False for key in facts.missing_specs},
        "unit": bool(facts.unit),
        "moq": facts.moq is not None,
        "capacity": facts.capacity_per_month is not None,
        "lead_time": facts.lead_time_days is not None,
        "packaging": bool(facts.packaging) or facts.has_packing,
        "price": facts.price_count > 0,
        "photo": facts.photo_count > 0 or not needs_photo,
    }
    return [code for code, is_there in have.items() if not is_there]
