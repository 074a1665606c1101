"""Quotes as plain values on the way from forms to services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class RungDraft:
    """From ``min_quantity`` (in the line's unit) on, a price unit costs ``unit_price``."""

    min_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True)
class LineDraft:
    """The answer to one line of the request; ``reason`` says why another thing, or nothing, is offered."""

    rfq_line_id: int
    answer: str
    product_id: int | None = None
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_unit: str = ""
    description: str = ""
    reason: str = ""
    rungs: tuple[RungDraft, ...] = ()


@dataclass(frozen=True)
class TermsDraft:
    """What holds for the whole quote. Lead time is in days from the deposit, or a date by which the goods ship."""

    currency: str
    incoterm: str
    place: str
    valid_until: date | None
    port: str = ""
    lead_time_days: int | None = None
    ship_by: date | None = None
    payment: str = ""
    deposit_percent: int | None = None
    payment_note: str = ""
    sample_is_offered: bool = False
    sample_is_free: bool = False
    sample_days: int | None = None
    sample_freight: str = ""
    sample_note: str = ""
    packing: str = ""
    package_unit: str = ""
    package_kg: Decimal | None = None
    certificates: tuple[str, ...] = ()
    note: str = ""
    language: str = "en"


@dataclass(frozen=True)
class QuoteDraft:
    """A quote as the seller wrote it."""

    terms: TermsDraft
    lines: tuple[LineDraft, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class CounterLine:
    """What the buyer would take of one line: quantity (in the line's unit) and price (per its price unit)."""

    line_id: int
    quantity: Decimal | None
    unit_price: Decimal | None


@dataclass(frozen=True)
class CounterDraft:
    """A counter-offer, line by line; the other terms stay the seller's."""

    lines: tuple[CounterLine, ...]
    valid_until: date | None
    note: str = ""
    language: str = "en"
