"""National customs codes: longer than the six digits that all countries share, and begun by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class TariffMarket(StrEnum):
    """A customs territory with a nomenclature of its own."""

    EU = "eu"
    US = "us"
    HK = "hk"


DIGITS = {TariffMarket.EU: 8, TariffMarket.US: 10, TariffMarket.HK: 8}
SCHEDULES = {TariffMarket.EU: "CN", TariffMarket.US: "HTS", TariffMarket.HK: "HKHS"}  # as customs papers name them
# a reader who has not said where they are is asked by their language alone; English is read everywhere
_OF_LOCALE = {"de": TariffMarket.EU, "zh_Hant": TariffMarket.HK}
_GROUPS = {TariffMarket.EU: (4, 2, 2), TariffMarket.US: (4, 2, 2, 2), TariffMarket.HK: (4, 4)}
_COUNTRIES = {"US": TariffMarket.US, "PR": TariffMarket.US, "HK": TariffMarket.HK, "EU": TariffMarket.EU}


@dataclass(frozen=True, slots=True)
class TariffCode:
    """A national code with where it was read: an official schedule, a ruling, the importer's broker."""

    market: str
    code: str
    source: str


def digits_of(text: str) -> str:
    """A code without the dots, blanks and hyphens that people write into it."""
    return "".join(char for char in text if char not in ". -\u00a0\u202f")


def tariff_faults(codes: Sequence[TariffCode], hs6: str) -> dict[str, str]:
    """What cannot stand, as codes by ``tariff_<market>`` or ``tariff_<market>_source``."""
    faults: dict[str, str] = {}
    for one in codes:
        name = f"tariff_{one.market}"
        if one.market not in DIGITS or name in faults:
            faults[name] = "market"
        elif not (one.code.isascii() and one.code.isdigit() and len(one.code) == DIGITS[TariffMarket(one.market)]):
            faults[name] = "digits"
        elif not hs6 or not one.code.startswith(hs6):
            faults[name] = "other_goods"
        elif not one.source.strip():
            faults[f"{name}_source"] = "source"
    return faults


def grouped(market: str, code: str) -> str:
    """The code as its schedule prints it: 0901 11 00, 0901.11.00.25."""
    parts, start = [], 0
    for size in _GROUPS.get(TariffMarket(market), (len(code),)):
        parts.append(code[start : start + size])
        start += size
    return (" " if market in {TariffMarket.EU, TariffMarket.HK} else ".").join(part for part in parts if part)


def market_of(country: str, union: frozenset[str]) -> TariffMarket | None:
    """The customs territory of a country (ISO code, or EU itself); ``union`` holds the members of the EU."""
    return TariffMarket.EU if country in union else _COUNTRIES.get(country)


def reading_order(markets: Sequence[str], locale: str) -> list[str]:
    """The markets with the one first that a reader of this language most likely means."""
    first = _OF_LOCALE.get(locale)
    return sorted(markets, key=lambda market: (market != first, list(TariffMarket).index(TariffMarket(market))))
