"""What people fill in about samples, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from marketplace.orders.rules import SampleKind, Verdict


@dataclass(frozen=True)
class SampleWish:
    """What a buyer asks for."""

    kind: SampleKind
    line_id: int
    address: str
    quantity: Decimal | None = None
    unit: str = ""
    wish: str = ""


@dataclass(frozen=True)
class SampleTerms:
    """What the seller answers: amounts in smallest units of the currency, zero for free."""

    currency: str = ""
    price_minor: int = 0
    freight_minor: int = 0
    refunds_freight: bool = False
    ready_on: date | None = None
    reply: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a buyer thinks of a sample; ``points`` by attribute of its scale."""

    verdict: Verdict
    points: Mapping[str, Decimal] = field(default_factory=dict)
    taints: int = 0
    faults: int = 0
    words: str = ""
