"""Which rows of a comparison differ in a way that decides: not every other digit, and nothing that only one states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.registry.types import FieldType, NumberRange

# lots of one farm differ by as much from sack to sack
NEAR = Decimal("0.1")
# what tells one lot from another without saying anything about the goods
_OWN_WORDS = {FieldType.TEXT, FieldType.DATE, FieldType.CROP_YEAR}


def amounts_differ(amounts: Sequence[Decimal | None]) -> bool:
    """Whether the stated amounts, all in one unit, lie more than a tenth of the largest apart."""
    stated = [amount for amount in amounts if amount is not None]
    return len(stated) > 1 and max(stated) - min(stated) > NEAR * max(abs(amount) for amount in stated)


def words_differ(words: Sequence[str | None]) -> bool:
    """Whether at least two state something, and not the same."""
    return len({word for word in words if word}) > 1


def specs_differ(key: str, values: Sequence[SpecValue | None]) -> bool:
    """Whether a specification tells these goods apart."""
    if load_registry().fields[key].type in _OWN_WORDS:
        return False
    stated = [value for value in values if value is not None]
    amounts = [_amount(value) for value in stated]
    if all(amount is not None for amount in amounts):
        return amounts_differ(amounts)
    return len({_comparable(value) for value in stated}) > 1


def _amount(value: SpecValue) -> Decimal | None:
    """One number for a number or a span; none for anything else."""
    if isinstance(value, NumberRange):
        return (value.low + value.high) / 2
    return value if isinstance(value, Decimal) else None


def _comparable(value: SpecValue) -> object:
    if isinstance(value, MonthRange):
        return frozenset(value.months)
    if isinstance(value, tuple):
        return frozenset(value)
    return value.isoformat() if isinstance(value, date) else value
