"""Statements of a data file taken one by one; what is not as it must be raises ``DataFault`` with its place."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from marketplace.kernel.datafiles import DataFault, Tree

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")


def text(row: Tree, key: str, place: str) -> str:
    """The text under ``key``, which must be there."""
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise DataFault(f"{place}: {key} is missing")
    return value


def flag(row: Tree, key: str, place: str) -> bool:
    """A truth value, written true or false."""
    if row.get(key) not in ("true", "false"):
        raise DataFault(f"{place}: {key} is true or false")
    return bool(row[key] == "true")


def number(written: str, place: str) -> Decimal:
    """A finite number."""
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise DataFault(f"{place}: {written!r} is not a number") from None
    if not value.is_finite():
        raise DataFault(f"{place}: {written!r} is not a number")
    return value


def kind_of(kind: Callable[[str], E], written: str, place: str) -> E:
    """A member of an enumeration, by its value."""
    try:
        return kind(written)
    except ValueError:
        raise DataFault(f"{place}: {written!r} is not one of the known kinds") from None


def known(table: Mapping[str, V], key: str, place: str) -> V:
    """What ``table`` holds under ``key``."""
    try:
        return table[key]
    except KeyError:
        raise DataFault(f"{place}: {key!r} is not known") from None


def all_used(name: str, have: Iterable[str], want: Iterable[str]) -> None:
    """Refuse labels that nothing refers to: they are most often misspelt keys."""
    left_over = sorted(set(have) - set(want))
    if left_over:
        raise DataFault(f"{name}: nobody uses {', '.join(left_over)}")
