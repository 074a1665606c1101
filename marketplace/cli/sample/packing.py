"""Packing figures and national customs codes of the sample goods, worked out from their packaging words.

The codes were read in the copies of the schedules that are named with them; goods whose code was not read have none.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from marketplace.catalogue.models import ProductTariffCode
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules.minimum import MinimumBasis, usual_minimum
from marketplace.catalogue.rules.packing import UNPACKED, Packing

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(kg|g)\b")
_WORDS = {
    "pouch": "pouch", "jar": "jar", "drum": "drum", "jerrycan": "jerrycan", "pail": "drum", "tin": "tin",
    "bale": "bale", "glass": "bottle", "bottle": "bottle", "carton": "carton", "bar": "piece", "block": "block",
    "bag": "bag", "kraft": "bag", "sack": "bag", "jute": "bag", "vacuum": "bag", "liner": "bag", "box": "box",
}  # fmt: skip
_PIECES = re.compile(r"carton (\d+) (?:pcs|sets)")
_LIGHT = Decimal(5)  # kilograms; lighter packages travel in cartons
_CARTON = Decimal(6)

_EU = "EU customs tariff, copy at celna24.com and kodyzbozi.cz, read November 2026"
_US = "HTSUS 2025, copy at globaltariffadvisor.com and portoria.app, read November 2026"
_NOT_ORGANIC = ["0901110025", "0901110040"]  # organic coffee has lines of its own
_CODES = {
    "coffee-arabica-green": (("eu", "09011100", _EU), ("us", "0901110025", _US)),
    "coffee-robusta-green": (("eu", "09011100", _EU), ("us", "0901110040", _US)),
    "coffee-luwak-green": (("eu", "09011100", _EU),),
    "coffee-roasted": (("eu", "09012100", _EU),),
    "coffee-cascara": (("eu", "09019010", _EU), ("us", "0901901000", _US)),
    "pepper-black": (("eu", "09041100", _EU),),
    "coconut-oil-crude": (("us", "1513110000", _US),),
    "cocoa-beans": (("us", "1801000000", _US),),
}


def sample_packing(commodity: Commodity, words: str, unit: str, unit_kg: Decimal | None) -> Packing:
    """Figures for packaging in words; nothing where the words give no weight."""
    pieces = _PIECES.search(words)
    if pieces and unit == "piece" and unit_kg:
        return _loaded(commodity, Packing("piece", unit_kg, int(pieces[1])))
    size = _SIZE.search(words)
    pack = next((code for word, code in _WORDS.items() if word in words), "")
    if not size or not pack:
        return UNPACKED
    net = Decimal(size[1]) / (1 if size[2] == "kg" else 1000)
    per_carton = int(_CARTON / net) if net < _LIGHT and pack != "carton" else 0
    return _loaded(commodity, Packing(pack, net, per_carton or None))


def _loaded(commodity: Commodity, packing: Packing) -> Packing:
    """The same with what containers take, by the registry's usual loads."""
    found: dict[str, int | None] = {}
    for container in ("fcl20", "fcl40hc"):
        load, each = commodity.load(container), packing.outer_kg
        found[container] = None
        if load is not None and each and load.low.converts_to("kg"):
            found[container] = int(load.low.to("kg").amount / each) or None
    return Packing(packing.unit, packing.net_kg, packing.per_carton, found["fcl20"], found["fcl40hc"])


def sample_basis(commodity: Commodity, unit: str, moq: Decimal, number: int) -> MinimumBasis:
    """Every second seller whose smallest order is the usual one keeps to it; the others state their own."""
    usual = usual_minimum(unit, load_registry().usual_minimum(commodity), commodity.contents())
    if usual is None or usual.basis is not MinimumBasis.GROUP or usual.quantity.amount != moq or number % 2:
        return MinimumBasis.OWN
    return MinimumBasis.GROUP


def sample_codes(
    commodity: Commodity, certificates: tuple[str, ...], number: int, day: date
) -> list[ProductTariffCode]:
    """National codes for every second offer of the goods whose codes were read; some were checked by a curator."""
    if number % 2:
        return []
    is_organic = any(code.startswith("organic-") for code in certificates)
    return [
        ProductTariffCode(market=market, code=code, source=source, is_by_staff=number % 4 == 0, stated_on=day)
        for market, code, source in _CODES.get(commodity.key, ())
        if code.startswith(commodity.hs) and not (is_organic and code in _NOT_ORGANIC)
    ]
