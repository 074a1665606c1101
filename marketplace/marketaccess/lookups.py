"""Public tools that tell today's duty and measures: addresses with goods, origin and destination filled in.

The addresses were last seen in use on 2026-11-23. What they answer is theirs; nothing is fetched from here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

INDONESIA = "ID"
HS_DIGITS = 6


class Tool(StrEnum):
    """Whose tool it is."""

    MARKET_ACCESS_MAP = "market_access_map"  # International Trade Centre
    ACCESS2MARKETS = "access2markets"  # European Commission


@dataclass(frozen=True, slots=True)
class Lookup:
    """A tool and the address of its answer."""

    tool: Tool
    address: str


# Numbers of countries as the Market Access Map has them: those of the United Nations but for the United States.
# France is left out, of which two numbers are in use, and so is the Union as a whole.
_NUMBERS = {
    "AE": 784, "AT": 40, "AU": 36, "BE": 56, "BG": 100, "CN": 156, "CY": 196, "CZ": 203, "DE": 276, "DK": 208,
    "EE": 233, "ES": 724, "FI": 246, "GB": 826, "GR": 300, "HK": 344, "HR": 191, "HU": 348, "ID": 360, "IE": 372,
    "IT": 380, "JP": 392, "LT": 440, "LU": 442, "LV": 428, "MT": 470, "MY": 458, "NL": 528, "PL": 616, "PT": 620,
    "RO": 642, "SA": 682, "SE": 752, "SG": 702, "SI": 705, "SK": 703, "US": 842,
}  # fmt: skip
_MAP = "https://www.macmap.org/en/query/results?"
_UNION = "https://trade.ec.europa.eu/access-to-markets/en/results?"


def lookups(hs_code: str, destination: str, union: Collection[str], origin: str = INDONESIA) -> tuple[Lookup, ...]:
    """The tools that know goods of an HS code (its first six digits) on the way to a country; none without a code.

    ``union`` names the members of the European Union.
    """
    goods = hs_code[:HS_DIGITS]
    if len(goods) < HS_DIGITS or not goods.isdigit():
        return ()
    found = []
    if destination in union:
        asked = {"product": goods, "origin": origin, "destination": destination}
        found.append(Lookup(Tool.ACCESS2MARKETS, _UNION + urlencode(asked)))
    if destination in _NUMBERS and origin in _NUMBERS:
        numbers = {"reporter": f"{_NUMBERS[destination]:03d}", "partner": f"{_NUMBERS[origin]:03d}"}
        found.append(Lookup(Tool.MARKET_ACCESS_MAP, _MAP + urlencode(numbers | {"product": goods, "level": "6"})))
    return tuple(found)
