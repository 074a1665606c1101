"""The value of a field before it is typed: from a column, a constant, a template, a product or a sum."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from marketplace.catalogue.importing.cells import cell_text
from marketplace.catalogue.importing.fieldrules import Between, FieldRule, Operand
from marketplace.catalogue.importing.reading import Cell, Cells
from marketplace.catalogue.registry.types import NumberRange
from marketplace.kernel.measures import Quantity, UnitMismatch, find_unit, parse_quantity
from marketplace.kernel.numerals import ParseError, parse_decimal

_LONGEST_MATCHED = 500
Raw: TypeAlias = Cell | Quantity | Decimal

_NUMBER_AND_UNIT = re.compile(r"([-+]?[\d.,][\d.,'’ ]*?)\s*([^\d\s.,].*)")


@dataclass(frozen=True, slots=True)
class Taken:
    """A raw value, and whether it was filled in rather than found in the row."""

    value: Raw
    is_filled_in: bool


NOTHING = Taken(None, False)


def take(rule: FieldRule, cells: Cells) -> Taken:
    """The raw value of a field in one row; ``None`` where there is none. Raises ``ParseError``."""
    if rule.columns:
        value: Raw = _first(rule, cells)
    elif rule.value is not None:
        return Taken(rule.value, rule.is_filled_in)
    elif rule.template is not None:
        value = rule.template.fill(cells, rule.empty) or None
    elif rule.product:
        value = _product(rule, cells)
    else:
        value = _sum(rule, cells)
    if value is None:
        return Taken(rule.default, True) if rule.default is not None else NOTHING
    if isinstance(value, str):
        value = _mapped(rule, value)
    return Taken(value, rule.is_filled_in)


def number(rule: FieldRule, raw: Raw) -> Decimal:
    """A plain number, multiplied where the rule says so. Raises ``ParseError``."""
    if isinstance(raw, Decimal):
        value = raw
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        value = Decimal(str(raw))
        if not value.is_finite():
            raise ParseError("number_unreadable", text=str(raw))
    elif isinstance(raw, Quantity):
        value = raw.amount
    else:
        value = parse_decimal(cell_text(raw), rule.decimal)
    return value if rule.multiply is None else value * rule.multiply


def quantity(rule: FieldRule, raw: Raw, unit: str) -> Quantity:
    """A quantity, in the unit of the rule where none is written, converted where the rule says so.

    Raises ``ParseError``; ``quantity_zero`` for nothing at all.
    """
    found = _quantity(rule, raw, unit)
    if found.amount <= 0:
        raise ParseError("quantity_zero" if not found.amount else "quantity_negative", text=cell_text_of(raw))
    check_between(rule.between, found)
    if rule.convert and found.unit != rule.convert:
        try:
            found = found.to(rule.convert).rounded()
        except UnitMismatch as fault:
            raise ParseError("quantity_unconvertible", source=fault.source, target=fault.target) from None
    return found


def cell_text_of(raw: Raw) -> str:
    """A raw value as it would be shown in a problem."""
    if isinstance(raw, Quantity):
        return f"{raw.amount.normalize():f} {raw.unit}"
    return f"{raw.normalize():f}" if isinstance(raw, Decimal) else cell_text(raw)


def check_between(between: Between | None, value: object) -> None:
    """Refuse what the mapping calls implausible, and a bare number where it asks for a unit; raises ``ParseError``."""
    if between is None:
        return
    parts = [value.low, value.high] if isinstance(value, NumberRange) else [value]
    for part in parts:
        if isinstance(between.low, Quantity) and isinstance(between.high, Quantity):
            if not isinstance(part, Quantity):
                raise ParseError("quantity_unit_missing", text=str(part))
            try:
                is_within = part.compared(between.low) >= 0 and part.compared(between.high) <= 0
            except UnitMismatch as fault:
                raise ParseError("quantity_unconvertible", source=fault.source, target=fault.target) from None
        elif isinstance(part, Decimal) and isinstance(between.low, Decimal) and isinstance(between.high, Decimal):
            is_within = between.low <= part <= between.high
        else:
            continue
        if not is_within:
            low, high = between.shown
            raise ParseError("value_implausible", value=cell_text_of(part), lowest=low, highest=high)


def _first(rule: FieldRule, cells: Cells) -> Cell:
    for name in rule.columns:
        cell = cells.get(name)
        if cell is None or cell == "" or _is_empty(rule, cell_text(cell)):
            continue
        return cell
    return None


def _is_empty(rule: FieldRule, text: str) -> bool:
    return not text or (bool(rule.empty) and text.casefold() in rule.empty)


def _mapped(rule: FieldRule, text: str) -> str:
    if rule.pattern is not None:
        # A long cell may keep a careless pattern busy for hours.
        match = rule.pattern.fullmatch(text.strip()) if len(text) <= _LONGEST_MATCHED else None
        if not match:
            raise ParseError("pattern_missed", text=text.strip()[:80])
        text = match[1] if rule.pattern.groups else match[0]
    if rule.table is not None:
        found = rule.table.get(" ".join(text.split()).casefold())
        if found is not None:
            return found
        if rule.is_only_table:
            raise ParseError("value_unmapped", text=text.strip())
    return text


def _quantity(rule: FieldRule, raw: Raw, unit: str) -> Quantity:
    if isinstance(raw, Quantity):
        return raw
    if isinstance(raw, Decimal | int | float) and not isinstance(raw, bool):
        if not unit:
            raise ParseError("quantity_unit_missing", text=cell_text_of(raw))
        return Quantity(number(rule, raw), find_unit(unit).code)
    return parse_quantity(_with_unit(rule, cell_text(raw)), unit or None, rule.decimal)


def _with_unit(rule: FieldRule, text: str) -> str:
    """The text with its unit's word replaced where the mapping knows a better one."""
    if not rule.units or not (match := _NUMBER_AND_UNIT.fullmatch(text)):
        return text
    known = rule.units.get(" ".join(match[2].split()).casefold())
    return f"{match[1]} {known}" if known else text


def _product(rule: FieldRule, cells: Cells) -> Quantity | Decimal | None:
    return _combined(rule, cells, rule.product, _times)


def _sum(rule: FieldRule, cells: Cells) -> Quantity | Decimal | None:
    return _combined(rule, cells, rule.sum, _plus)


def _combined(
    rule: FieldRule,
    cells: Cells,
    operands: Iterable[Operand],
    join: Callable[[Quantity | Decimal, Quantity | Decimal], Quantity | Decimal],
) -> Quantity | Decimal | None:
    result: Quantity | Decimal | None = None
    for operand in operands:
        value = _value(rule, operand, cells)
        if value is None:
            return None
        result = value if result is None else join(result, value)
    return result


def _value(rule: FieldRule, operand: Operand, cells: Cells) -> Quantity | Decimal | None:
    text = operand.value or cell_text(cells.get(operand.column))
    if _is_empty(rule, text):
        return None
    value: Quantity | Decimal
    if re.search(r"[^\W\d_]", text):
        value = parse_quantity(_with_unit(rule, text), None, rule.decimal)
    else:
        plain = parse_decimal(text, rule.decimal)
        value = Quantity(plain, operand.unit) if operand.unit else plain
    check_between(operand.between, value)
    return value


def _times(left: Quantity | Decimal, right: Quantity | Decimal) -> Quantity | Decimal:
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        raise ParseError("product_of_two_units", text=f"{left.unit}, {right.unit}")
    if isinstance(left, Quantity):
        return Quantity(left.amount * right, left.unit) if isinstance(right, Decimal) else left
    return Quantity(left * right.amount, right.unit) if isinstance(right, Quantity) else left * right


def _plus(left: Quantity | Decimal, right: Quantity | Decimal) -> Quantity | Decimal:
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        try:
            return left + right
        except UnitMismatch as fault:
            raise ParseError("quantity_unconvertible", source=fault.source, target=fault.target) from None
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left + right
    raise ParseError("quantity_unit_missing", text=cell_text_of(right if isinstance(left, Quantity) else left))
