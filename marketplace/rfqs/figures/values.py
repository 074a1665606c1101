"""What was recognised in a text, and how a reader writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from babel import Locale, dates

from marketplace.i18n import formats
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import Money, UnitPrice


class Doubt(StrEnum):
    """Why something stays as it is written."""

    NUMBER = "number"  # 1.250 may be a thousand or one and a quarter
    DAY = "day"  # 03/04 may be March or April
    CURRENCY = "currency"  # $ is the sign of seven


@dataclass(frozen=True, slots=True)
class Span:
    """From one quantity to another of the same unit."""

    low: Decimal
    high: Quantity


@dataclass(frozen=True, slots=True)
class Percent:
    value: Decimal


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day of which the year was not said; 29 February is one."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Term:
    """An Incoterm with the port that was named, if there was one."""

    code: str
    place: str


Value: TypeAlias = Quantity | Span | Percent | Money | UnitPrice | date | DayOfYear | Term


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that keeps its meaning in every language; without a value there is a doubt about it."""

    start: int
    end: int
    value: Value | None
    doubt: Doubt | None = None


def spoken(value: Value, locale: str) -> str:
    """The value as a reader of ``locale`` writes it."""
    if isinstance(value, Quantity):
        return formats.format_quantity(value, locale)
    if isinstance(value, Span):
        return f"{formats.format_number(value.low, locale)}–{formats.format_quantity(value.high, locale)}"
    if isinstance(value, Percent):
        return formats.format_percent(value.value, locale, places=3)
    if isinstance(value, Money):
        return formats.format_money(value, locale)
    if isinstance(value, UnitPrice):
        return formats.format_unit_price(value, locale)
    if isinstance(value, DayOfYear):
        day = date(2028, value.month, value.day)  # any leap year
        return str(dates.format_skeleton("MMMMd", day, locale=Locale.parse("en_GB" if locale == "en" else locale)))
    if isinstance(value, Term):
        return f"{value.code} {value.place}".strip()
    return formats.format_date(value, locale)
