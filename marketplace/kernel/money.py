"""Exact money: payable amounts in integer minor units, unit prices as decimals with six places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from marketplace.kernel.currencies import CURRENCIES, WRITTEN_WHOLE, exponent, find_currency
from marketplace.kernel.measures import Contents, Quantity, find_unit
from marketplace.kernel.numerals import DecimalSign, ParseError, clean, parse_decimal

UNIT_PRICE_PLACES = 6
_SIX_PLACES = Decimal(1).scaleb(-UNIT_PRICE_PLACES)
_LARGEST_UNIT_PRICE = Decimal(10) ** 12
_AMOUNT = re.compile(r"(?P<before>[^\d.,+\-]*)(?P<sign>[-+]?)(?P<number>[\d.,][\d.,'’_ ]*)(?P<after>[^\d]*)")
_PER = re.compile(r"\s*(?:/|(?<=\s)per(?=\s)|(?<=\s)pro(?=\s)|(?<=\s)je(?=\s)|每)\s*", re.IGNORECASE)


class CurrencyMismatch(ValueError):
    """Amounts of two currencies met in one sum."""


@dataclass(frozen=True, slots=True)
class Money:
    """A payable amount: ``minor`` counts the currency's smallest units (Stripe's exponents)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"not a currency: {self.currency!r}")
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError("minor units are whole numbers")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> "Money":
        """The amount exactly; raises ``ParseError`` (``amount_too_fine``) when it has more decimals than the coin."""
        scaled = Decimal(amount).scaleb(exponent(currency))
        minor = scaled.to_integral_value()
        if minor != scaled:
            raise ParseError("amount_too_fine", amount=str(amount), currency=currency, places=str(exponent(currency)))
        return cls(int(minor), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> "Money":
        """The amount rounded half up (away from zero) to the currency's smallest unit."""
        return cls(int(amount.scaleb(exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP)), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in this currency."""
        return cls(0, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole currency units."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, percent: Decimal) -> "Money":
        """That many percent of the amount, rounded once half up."""
        return Money.rounded(self.amount * percent / 100, self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to ``weights`` that add up to the amount exactly; earlier parts take the odd units."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights must not be negative and must not all be zero")
        size = abs(self.minor)
        parts = [size * weight // total for weight in weights]
        weighted = [place for place, weight in enumerate(weights) if weight]
        for place in weighted[: size - sum(parts)]:
            parts[place] += 1
        return [Money(part if self.minor >= 0 else -part, self.currency) for part in parts]

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.minor


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The exact sum, zero of ``currency`` when there is nothing to add; raises ``CurrencyMismatch``."""
    return sum(amounts, Money.zero(currency))


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one unit costs, with six decimals; only a line of it becomes payable ``Money``."""

    amount: Decimal
    currency: str
    unit: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"not a currency: {self.currency!r}")
        if not self.amount.is_finite() or abs(self.amount) >= _LARGEST_UNIT_PRICE:
            raise ParseError("price_too_large", amount=str(self.amount))
        exact = self.amount.quantize(_SIX_PLACES)
        if exact != self.amount:
            raise ParseError("price_too_fine", amount=str(self.amount), places=str(UNIT_PRICE_PLACES))
        object.__setattr__(self, "amount", exact)
        find_unit(self.unit)

    def line(self, quantity: Quantity, contents: Contents | None = None) -> Money:
        """The price of ``quantity``, converted to the price's unit and rounded once, half up.

        Raises ``UnitMismatch`` when the units do not convert (give ``contents`` for packages and containers).
        """
        return Money.rounded(self.amount * quantity.to(self.unit, contents).amount, self.currency)

    def per(self, unit: str, contents: Contents | None = None) -> "UnitPrice":
        """The same price for another unit, rounded half up to six decimals; raises ``UnitMismatch``."""
        factor = Quantity(Decimal(1), unit).to(self.unit, contents).amount
        return UnitPrice((self.amount * factor).quantize(_SIX_PLACES, ROUND_HALF_UP), self.currency, unit)


def parse_money(text: str, currency: str | None = None, decimal: DecimalSign | None = None) -> Money:
    """A payable amount such as "Rp 45.000", "6,20 €" or "USD 1,250.00".

    ``currency`` stands in where none is written and settles "$". Raises ``ParseError``.
    """
    amount, code = _parse_amount(text, currency, decimal)
    return Money.of(amount, code)


@lru_cache(maxsize=4096)
def parse_unit_price(
    text: str, currency: str | None = None, unit: str | None = None, decimal: DecimalSign | None = None
) -> UnitPrice:
    """A price per unit such as "USD 6.20/kg" or "Rp 45.000 per kg"; ``currency`` and ``unit`` stand in where missing.

    Raises ``ParseError``; a price below zero has the code ``price_negative``.
    """
    plain = clean(text)
    parts = _PER.split(plain, maxsplit=1)
    code = find_unit(parts[1]).code if len(parts) > 1 else unit
    amount, found = _parse_amount(parts[0], currency, decimal)
    if code is None:
        raise ParseError("price_unit_missing", text=plain)
    if amount < 0:
        raise ParseError("price_negative", text=plain)
    return UnitPrice(amount, found, code)


@lru_cache(maxsize=4096)
def _parse_amount(text: str, currency: str | None, decimal: DecimalSign | None) -> tuple[Decimal, str]:
    plain = clean(text)
    # "Rp. 45.000": the dot belongs to the sign, not to the number.
    if plain[:3].casefold() == "rp.":
        plain = "Rp " + plain[3:]
    if not plain:
        raise ParseError("number_missing")
    # "45.000,-" and "45.000,00-" are how shops write round amounts.
    plain = re.sub(r",-+$", "", plain)
    match = _AMOUNT.fullmatch(plain)
    if not match:
        raise ParseError("number_unreadable", text=plain)
    before, after = match["before"].strip(), match["after"].strip()
    if before and after:
        # "$6.20 USD": the code says which dollar the sign means.
        coded, sign = (before, after) if before.upper() in CURRENCIES else (after, before)
        code = find_currency(coded, currency)
        if find_currency(sign, code) != code:
            raise ParseError("currency_twice", text=plain)
    else:
        code = find_currency(before or after, currency)
    number = match["sign"] + match["number"].strip()
    return parse_decimal(number, decimal, grouped=code in WRITTEN_WHOLE), code
