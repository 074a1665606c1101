"""Reference rates of the European Central Bank, for comparing prices; nothing is ever charged at them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

# Currencies pegged to the dollar by law, which the bank does not quote.
_PEGS_TO_USD = {"AED": Decimal("3.6725"), "SAR": Decimal("3.75"), "QAR": Decimal("3.64"), "OMR": Decimal("0.3845")}


class RateUnknown(LookupError):
    """No reference rate for a currency."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of each currency for one euro on ``day``."""

    day: date
    per_euro: Mapping[str, Decimal]

    def convert(self, amount: Decimal, source: str, target: str) -> Decimal:
        """``amount`` of ``source`` in ``target``, not rounded; raises ``RateUnknown``."""
        if source == target:
            return amount
        try:
            return amount / self.per_euro[source] * self.per_euro[target]
        except KeyError as unknown:
            raise RateUnknown(str(unknown)) from None


@cache
def reference_rates() -> Rates:
    """The newest rates that the installed package of the bank's figures holds.

    Only its first row is read: the library itself would keep every day since 1999 in memory.
    """
    found = find_spec("currency_converter")
    assert found is not None
    assert found.origin is not None
    with zipfile.ZipFile(Path(found.origin).with_name("eurofxref-hist.zip")) as archive:
        name = archive.namelist()[0]
        with archive.open(name) as file:
            rows = csv.reader(io.TextIOWrapper(file, encoding="ascii"))
            head, newest = next(rows), next(rows)
    per_euro = {"EUR": Decimal(1)}
    for code, text in zip(head[1:], newest[1:], strict=True):
        try:
            per_euro[code.strip()] = Decimal(text)
        except InvalidOperation:
            continue  # "N/A": a currency that is quoted no more
    for code, rate in _PEGS_TO_USD.items():
        per_euro.setdefault(code, per_euro["USD"] * rate)
    return Rates(date.fromisoformat(newest[0]), MappingProxyType(per_euro))
