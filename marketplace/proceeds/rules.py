"""What a seller receives of a price: less the commission, in rupiah, held against their own costs. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from marketplace.kernel.exchange import Rates, RateUnknown
from marketplace.payments.rules import CommissionKind, CommissionTerms

HOME = "IDR"
FRESH_DAYS = 7  # an older rate is said to be old
# terms under which the price holds carriage that the seller pays
WITH_CARRIAGE = frozenset({"CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"})
_SIGNIFICANT = 3
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class AskedPrice:
    """A price as a seller sets it: ``amount`` of ``currency`` for one ``unit``, at a term and its place."""

    amount: Decimal
    currency: str
    unit: str
    incoterm: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What is left for the seller. ``exact`` and ``about`` are rupiah for one unit of the price; None without a rate.

    ``day`` is that of the rate, None where none was needed.
    """

    percent: Decimal
    exact: Decimal | None
    about: Decimal | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Costs:
    """A seller's own costs in rupiah for one ``unit``: what growers are paid, and all until the goods leave."""

    unit: str
    farm_gate: Decimal
    export: Decimal

    @property
    def total(self) -> Decimal:
        """The offer price: farm gate and export."""
        return self.farm_gate + self.export


def received(price: AskedPrice, terms: CommissionTerms | None, rates: Rates) -> Received:
    """The price less a commission in percent, in rupiah; a commission of a fixed amount is no part of one unit."""
    percent = terms.percent if terms is not None and terms.kind is CommissionKind.PERCENT else Decimal(0)
    left = price.amount * (_HUNDRED - percent) / _HUNDRED
    if price.currency == HOME:
        return Received(percent, left, left, None)
    try:
        exact = rates.convert(left, price.currency, HOME)
    except RateUnknown:
        return Received(percent, None, None, None)
    return Received(percent, exact, rounded(exact), rates.day)


def rounded(amount: Decimal) -> Decimal:
    """Three significant digits, whole rupiah at the finest: a rate of another day says no more than that."""
    if not amount:
        return Decimal(0)
    step = Decimal(1).scaleb(max(0, amount.adjusted() - _SIGNIFICANT + 1))
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def is_old(day: date, today: date) -> bool:
    """Whether a rate is too old to stand without a word."""
    return (today - day).days > FRESH_DAYS
