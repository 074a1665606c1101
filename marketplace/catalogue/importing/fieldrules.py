"""The rules of a mapping: for each of our columns, where its value comes from and how it is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from marketplace.catalogue.importing.columns import Column
from marketplace.catalogue.importing.reading import FileLayout
from marketplace.catalogue.importing.templates import TextTemplate
from marketplace.kernel.measures import Quantity
from marketplace.kernel.numerals import DecimalSign


@dataclass(frozen=True, slots=True)
class Between:
    """What is plausible: two numbers, or two quantities of one dimension, both included."""

    low: Decimal | Quantity
    high: Decimal | Quantity
    shown: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Operand:
    """One part of a product or sum: a column or a constant, with the unit it has where none is written."""

    column: str
    value: str
    unit: str
    between: Between | None = None


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where the value of one of our columns comes from and how it is read. Exactly one source is set."""

    column: Column
    columns: tuple[str, ...] = ()
    value: str | None = None
    template: TextTemplate | None = None
    product: tuple[Operand, ...] = ()
    sum: tuple[Operand, ...] = ()
    default: str | None = None
    empty: frozenset[str] = frozenset()
    table: Mapping[str, str] | None = None
    is_only_table: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    unit_column: str = ""
    convert: str = ""
    currency: str = ""
    decimal: DecimalSign | None = None
    dates: tuple[str, ...] = ()
    multiply: Decimal | None = None
    pattern: re.Pattern[str] | None = None
    between: Between | None = None
    is_filled_in: bool = False
    is_left_out: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The headings the value depends on, for naming the place of a problem."""
        operands = tuple(operand.column for operand in (*self.product, *self.sum) if operand.column)
        return self.columns or operands or (self.template.columns if self.template else ())


@dataclass(frozen=True, slots=True)
class SkipRule:
    """Rows to pass over without calling them wrong."""

    column: str
    values: frozenset[str] | None
    pattern: re.Pattern[str] | None
    because: str


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A whole mapping: layout, rules by our column names, and rows to skip."""

    name: str
    layout: FileLayout
    rules: Mapping[str, FieldRule]
    skips: tuple[SkipRule, ...]
    unread: tuple[str, ...] = ()

    @property
    def headings(self) -> frozenset[str]:
        """Every heading the mapping speaks of."""
        found = {name for rule in self.rules.values() for name in (*rule.sources, rule.unit_column)}
        return frozenset((found | {skip.column for skip in self.skips}) - {""})
