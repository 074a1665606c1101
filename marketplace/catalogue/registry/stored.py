"""Typed specifications as they are kept: in the columns of a row, and in JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.registry.types import FieldType, NumberRange, SpecField


@dataclass(frozen=True, slots=True)
class SpecColumns:
    """One value in three columns: a number, the end of its range, and texts or codes."""

    number: Decimal | None = None
    number_to: Decimal | None = None
    values: tuple[str, ...] = ()


def to_columns(value: SpecValue) -> SpecColumns:
    """The columns for a value: months as numbers, answers as yes and no, dates in ISO form."""
    match value:
        case bool():
            return SpecColumns(values=("yes" if value else "no",))
        case Decimal():
            return SpecColumns(number=value)
        case NumberRange():
            return SpecColumns(number=value.low, number_to=value.high)
        case MonthRange():
            return SpecColumns(number=Decimal(value.first), number_to=Decimal(value.last))
        case date():
            return SpecColumns(values=(value.isoformat(),))
        case tuple():
            return SpecColumns(values=value)
        case _:
            return SpecColumns(values=(value,))


def from_columns(
    field: SpecField, number: Decimal | None, number_to: Decimal | None, values: Sequence[str]
) -> SpecValue:
    """The value that ``to_columns`` spread; raises ``ValueError`` when the columns hold none for this field."""
    match field.type:
        case FieldType.NUMBER if number is not None:
            return number if number_to is None else NumberRange(number, number_to)
        case FieldType.MONTH_RANGE if number is not None:
            return MonthRange(int(number), int(number if number_to is None else number_to))
        case FieldType.MULTI:
            return tuple(values)
        case FieldType.BOOL if values:
            return values[0] == "yes"
        case FieldType.DATE if values:
            return date.fromisoformat(values[0])
        case FieldType.ENUM | FieldType.TEXT | FieldType.CROP_YEAR if values:
            return values[0]
    raise ValueError(f"{field.key}: no value in the columns")


def dump_value(value: SpecValue) -> Any:
    """The value for JSON: numbers as numbers, ranges and months as a pair, dates in ISO form, choices as a list."""
    match value:
        case Decimal():
            return _plain(value)
        case NumberRange():
            return [_plain(value.low), _plain(value.high)]
        case MonthRange():
            return [value.first, value.last]
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


def load_value(field: SpecField, data: Any) -> SpecValue:
    """The typed value that ``dump_value`` wrote."""
    match field.type:
        case FieldType.NUMBER:
            if isinstance(data, list):
                return NumberRange(Decimal(str(data[0])), Decimal(str(data[1])))
            return Decimal(str(data))
        case FieldType.DATE:
            return date.fromisoformat(data)
        case FieldType.MONTH_RANGE:
            return MonthRange(data[0], data[1])
        case FieldType.MULTI:
            return tuple(data)
        case FieldType.BOOL:
            return bool(data)
        case _:
            return str(data)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
