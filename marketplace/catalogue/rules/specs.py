"""A typed specification and the three columns that keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.registry.types import FieldType, NumberRange, SpecField

_YES, _NO = "yes", "no"
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class SpecColumns:
    """``number`` and ``number_to`` hold a number, a range or two months; ``values`` texts, codes, a day, yes or no."""

    number: Decimal | None
    number_to: Decimal | None
    values: tuple[str, ...]


@lru_cache(maxsize=8192, typed=True)  # files repeat their values, and True must not be taken for 1
def columns_of(value: SpecValue) -> SpecColumns:
    """How a value is kept."""
    if isinstance(value, bool):
        return SpecColumns(None, None, (_YES if value else _NO,))
    if isinstance(value, Decimal):
        return SpecColumns(value.quantize(_PLACES), None, ())
    if isinstance(value, NumberRange):
        return SpecColumns(value.low.quantize(_PLACES), value.high.quantize(_PLACES), ())
    if isinstance(value, MonthRange):
        return SpecColumns(Decimal(value.first), Decimal(value.last), ())
    if isinstance(value, date):
        return SpecColumns(None, None, (value.isoformat(),))
    return SpecColumns(None, None, value if isinstance(value, tuple) else (value,))


def value_of(
    field: SpecField, number: Decimal | None, number_to: Decimal | None, values: Sequence[str]
) -> SpecValue | None:
    """The value that was kept; None where the columns hold nothing that fits the field any more."""
    first = values[0] if values else ""
    match field.type:
        case FieldType.NUMBER:
            if number is None:
                return None
            return number if number_to is None or number_to == number else NumberRange(number, number_to)
        case FieldType.MONTH_RANGE:
            return MonthRange(int(number), int(number_to)) if number is not None and number_to is not None else None
        case FieldType.BOOL:
            return first == _YES if first else None
        case FieldType.DATE:
            return date.fromisoformat(first) if first else None
        case FieldType.ENUM:
            return first if first in field.values else None
        case FieldType.MULTI:
            return tuple(value for value in values if value in field.values) or None
        case _:
            return first or None
