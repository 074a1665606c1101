"""What buyers want, as plain values on the way from forms and readers to services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class LineDraft:
    """One wanted thing. ``description`` is free text, ``commodity`` a registry key; units are codes of measures."""

    description: str = ""
    commodity: str = ""
    product_id: int | None = None
    quantity: Decimal | None = None
    unit: str = ""
    target_price: Decimal | None = None
    currency: str = ""
    price_unit: str = ""


@dataclass(frozen=True)
class TermsDraft:
    """What holds for all lines. Certificates are codes of the registry's field ``certifications``."""

    destination: str = ""
    incoterm: str = ""
    place: str = ""
    needed_by: date | None = None
    certificates: tuple[str, ...] = ()
    sample_is_wanted: bool = False
    contact_phone: str = ""
    closes_on: date | None = None


@dataclass(frozen=True)
class InquiryDraft:
    """A question about one product: ``line`` needs no description, the product's title stands in."""

    text: str
    language: str
    line: LineDraft = field(default_factory=LineDraft)
    terms: TermsDraft = field(default_factory=TermsDraft)


@dataclass(frozen=True)
class RequestDraft:
    """A request in own words with what was read from it; ``reading`` keeps the words each value came from."""

    subject: str = ""
    lines: tuple[LineDraft, ...] = ()
    terms: TermsDraft = field(default_factory=TermsDraft)
    reading: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChosenRecipient:
    """A seller whom the buyer asks, with the match's score (0..1) and its reason codes if there was one."""

    seller_id: int
    product_id: int | None = None
    score: Decimal | None = None
    reasons: Mapping[str, Any] = field(default_factory=dict)
