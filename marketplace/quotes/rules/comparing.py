"""Prices of several sellers on one footing: one currency, one unit, one delivery term, every assumption named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.exchange import Rates


class Leg(StrEnum):
    """A part of the way whose cost one of the two sides bears."""

    ORIGIN = "origin"  # to the ship: inland transport, export clearance, port
    FREIGHT = "freight"
    INSURANCE = "insurance"
    DELIVERY = "delivery"  # from the port of arrival to the buyer's door
    DUTY = "duty"  # import clearance and duties


_SELLER_PAYS: dict[str, frozenset[Leg]] = {
    Incoterm.EXW: frozenset(),
    Incoterm.FCA: frozenset({Leg.ORIGIN}),
    Incoterm.FAS: frozenset({Leg.ORIGIN}),
    Incoterm.FOB: frozenset({Leg.ORIGIN}),
    Incoterm.CFR: frozenset({Leg.ORIGIN, Leg.FREIGHT}),
    Incoterm.CPT: frozenset({Leg.ORIGIN, Leg.FREIGHT}),
    Incoterm.CIF: frozenset({Leg.ORIGIN, Leg.FREIGHT, Leg.INSURANCE}),
    Incoterm.CIP: frozenset({Leg.ORIGIN, Leg.FREIGHT, Leg.INSURANCE}),
    Incoterm.DAP: frozenset({Leg.ORIGIN, Leg.FREIGHT, Leg.DELIVERY}),
    Incoterm.DPU: frozenset({Leg.ORIGIN, Leg.FREIGHT, Leg.DELIVERY}),
    Incoterm.DDP: frozenset({Leg.ORIGIN, Leg.FREIGHT, Leg.DELIVERY, Leg.DUTY}),
}
_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Footing:
    """What prices are brought to; ``estimates`` are the buyer's own costs of a leg, per ``unit`` in ``currency``.

    ``place`` is where goods go under terms that pay the freight; empty where nobody named one.
    """

    currency: str
    unit: str
    incoterm: str
    estimates: Mapping[Leg, Decimal]
    place: str = ""


@dataclass(frozen=True)
class Comparable:
    """A price on the common footing; ``missing`` legs are not in it, ``extra`` ones are, for want of an estimate.

    ``elsewhere`` is the place to which it holds the freight, where that is another one than the footing's.
    """

    price: Decimal
    missing: tuple[Leg, ...]
    extra: tuple[Leg, ...]
    elsewhere: str = ""

    @property
    def is_even(self) -> bool:
        """Whether it holds just what the footing asks."""
        return not self.missing and not self.extra and not self.elsewhere


def legs_apart(term: str, basis: str) -> tuple[tuple[Leg, ...], tuple[Leg, ...]]:
    """Legs that ``basis`` holds and ``term`` does not, and the other way round, in the order of the way."""
    own, wanted = _SELLER_PAYS.get(term, frozenset()), _SELLER_PAYS.get(basis, frozenset())
    return tuple(leg for leg in Leg if leg in wanted - own), tuple(leg for leg in Leg if leg in own - wanted)


def pays_freight(term: str) -> bool:
    """Whether the named place of this Incoterm is where the goods go."""
    return Leg.FREIGHT in _SELLER_PAYS.get(term, frozenset())


def elsewhere(term: str, place: str, footing: Footing) -> str:
    """``place`` where its freight leads to another place than the footing's; "Port of Hamburg" is Hamburg."""
    if not pays_freight(term) or not pays_freight(footing.incoterm):
        return ""
    own, wanted = (set(re.findall(r"\w+", one.casefold())) for one in (place, footing.place))
    return place if own and wanted and not own & wanted else ""


def comparable(
    amount: Decimal, currency: str, term: str, footing: Footing, rates: Rates, *, place: str = ""
) -> Comparable:
    """``amount`` (already per the footing's unit) in the footing's currency, with estimates added or taken off.

    Raises `RateUnknown` where a currency has no reference rate.
    """
    price = rates.convert(amount, currency, footing.currency)
    missing, extra = legs_apart(term, footing.incoterm)
    price += sum((footing.estimates[leg] for leg in missing if leg in footing.estimates), Decimal(0))
    price -= sum((footing.estimates[leg] for leg in extra if leg in footing.estimates), Decimal(0))
    return Comparable(
        price=max(Decimal(0), price).quantize(_PLACES, ROUND_HALF_UP),
        missing=tuple(leg for leg in missing if leg not in footing.estimates),
        extra=tuple(leg for leg in extra if leg not in footing.estimates),
        elsewhere=elsewhere(term, place, footing),
    )
