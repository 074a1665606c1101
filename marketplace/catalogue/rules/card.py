"""What a list shows of a ladder: one price, and the same per kilogram in dollars for comparing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from marketplace.catalogue.rules.packing import UNPACKED, Packing
from marketplace.catalogue.rules.trade import Incoterm, Rung
from marketplace.kernel.exchange import Rates, RateUnknown
from marketplace.kernel.measures import Contents, Quantity, UnitMismatch

# Readers compare FOB prices; where there is none, the term nearest to it.
_TERMS = {term: place for place, term in enumerate(
    ("FOB", "FCA", "FAS", "EXW", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
)}  # fmt: skip
_CURRENCIES = {"USD": 0, "EUR": 1}
_SIX_PLACES = Decimal("0.000001")
_LARGEST = Decimal(10) ** 9

assert set(_TERMS) == set(Incoterm)


def card_rung(rungs: Sequence[Rung], moq: Decimal | None, unit: str, contents: Contents) -> Rung | None:
    """The rung a list shows: FOB before other terms, dollars before other money, at the smallest order."""
    if not rungs:
        return None
    best = min(
        rungs, key=lambda rung: (_TERMS.get(rung.incoterm, 99), _CURRENCIES.get(rung.currency, 9), rung.ladder)
    ).ladder
    ladder = sorted((rung for rung in rungs if rung.ladder == best), key=lambda rung: rung.min_quantity)
    if moq is None:
        return ladder[0]
    try:
        asked = Quantity(moq, unit).to(ladder[0].unit, contents).amount
    except UnitMismatch:
        return ladder[0]
    reached = [rung for rung in ladder if rung.min_quantity <= asked]
    return reached[-1] if reached else ladder[0]


def price_per_kg_usd(rung: Rung, contents: Contents, rates: Rates) -> Decimal | None:
    """The rung's price for one kilogram in dollars; None where the unit has no weight or the money no rate."""
    try:
        weight = Quantity(Decimal(1), rung.unit).to("kg", contents).amount
        price = rates.convert(rung.unit_price, rung.currency, "USD")
    except (UnitMismatch, RateUnknown):
        return None
    if not weight:
        return None
    per_kg = (price / weight).quantize(_SIX_PLACES, ROUND_HALF_UP)
    return per_kg if per_kg <= _LARGEST else None


def contents_of(unit: str, unit_weight_kg: Decimal | None, loads: Contents, packing: Packing = UNPACKED) -> Contents:
    """What a package or container of this product holds: its own weight first, then the seller's packing, then the
    commodity's loads."""
    own = {unit: Quantity(unit_weight_kg, "kg")} if unit_weight_kg and unit != "kg" else {}
    return {**loads, **packing.contents(), **own}
