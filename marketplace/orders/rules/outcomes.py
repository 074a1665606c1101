"""What counts as an outcome, and in which band its value lies."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class OutcomeKind(StrEnum):
    """The way from a question to a customer."""

    INQUIRY = "inquiry"
    SAMPLE = "sample"
    FIRST_ORDER = "first_order"
    REPEAT = "repeat"


class ValueBand(StrEnum):
    """How much an order is worth, in US dollars at the reference rate: no one's price is read from it."""

    NONE = "none"
    UNDER_1K = "under_1k"
    UNDER_10K = "under_10k"
    UNDER_50K = "under_50k"
    UNDER_250K = "under_250k"
    MORE = "more"


_BANDS = (
    (Decimal(1_000), ValueBand.UNDER_1K),
    (Decimal(10_000), ValueBand.UNDER_10K),
    (Decimal(50_000), ValueBand.UNDER_50K),
    (Decimal(250_000), ValueBand.UNDER_250K),
)


def band_of(dollars: Decimal | None) -> ValueBand:
    """The band of an amount; none where there is no amount or no rate for its currency."""
    if dollars is None:
        return ValueBand.NONE
    return next((band for limit, band in _BANDS if dollars < limit), ValueBand.MORE)
