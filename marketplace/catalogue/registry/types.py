"""What the registry knows: commodities, their categories, and the fields of their specifications."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from marketplace.kernel.measures import Contents, Quantity

LOCALES = ("en", "id", "de", "zh_Hans", "zh_Hant")

Labels = Mapping[str, str]
Facet = Literal["terms", "range", ""]


def label(labels: Labels, locale: str) -> str:
    """The text in the reader's language, English where the language is not one of the site's."""
    return labels.get(locale) or labels["en"]


def bilingual(labels: Labels) -> str:
    """Indonesian and English side by side, as in templates that both sides of a deal read."""
    indonesian, english = labels["id"], labels["en"]
    return english if indonesian == english else f"{indonesian} / {english}"


class FieldType(StrEnum):
    """What kind of value a field of a specification takes."""

    NUMBER = "number"
    ENUM = "enum"
    MULTI = "multi"
    BOOL = "bool"
    TEXT = "text"
    DATE = "date"
    MONTH_RANGE = "month_range"
    CROP_YEAR = "crop_year"


class Stage(StrEnum):
    """The four steps of the value chain: pick, process, package, sell."""

    PETIK = "petik"
    OLAH = "olah"
    KEMAS = "kemas"
    JUAL = "jual"


class Level(StrEnum):
    """How far a commodity is worked."""

    RAW = "raw"
    PROCESSED = "processed"
    PACKAGED = "packaged"


class Confidence(StrEnum):
    """Whether the facts were read in a source or still wait for a person to check them."""

    SEEN = "seen"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """From ``low`` to ``high``, both included: an altitude of 1,200 to 1,600 m."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """Where a limit or a load comes from."""

    key: str
    title: str
    where: str
    is_seen: bool

    @property
    def is_standard(self) -> bool:
        """Whether somebody laid it down; the alternative is what the trade is used to."""
        return self.key != "market"


@dataclass(frozen=True, slots=True)
class SpecUnit:
    """The unit of a number; ``aliases`` maps other spellings and units to their size in this one."""

    code: str
    labels: Labels
    aliases: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class SpecField:
    """A field that specifications share; ``values`` holds the allowed values with their labels, in display order."""

    key: str
    type: FieldType
    unit: SpecUnit | None
    minimum: Decimal | None
    maximum: Decimal | None
    pattern: re.Pattern[str] | None
    facet: Facet
    labels: Labels
    values: Mapping[str, Labels]
    spellings: Mapping[str, str]

    def name(self, locale: str = "en") -> str:
        """The field's name."""
        return label(self.labels, locale)

    def value_name(self, value: str, locale: str = "en") -> str:
        """An allowed value as people read it."""
        return label(self.values[value], locale)


@dataclass(frozen=True, slots=True)
class SpecRule:
    """What one commodity says about one field: whether it must be stated, what is usual, and a standard's limits.

    ``lowest`` and ``highest`` come from the standard ``basis``; beyond them goods are remarkable, not wrong. A critical
    field is one by which buyers of these goods decide: it comes first on pages, among filters and in reasons.
    """

    field: SpecField
    is_required: bool
    is_critical: bool
    typical: tuple[Decimal, Decimal] | None
    lowest: Decimal | None
    highest: Decimal | None
    basis: Source | None
    basis_note: str


@dataclass(frozen=True, slots=True)
class Load:
    """How much of a commodity a container takes, stowed loose, palletised or in a liner."""

    container: str
    stowage: str
    low: Quantity
    high: Quantity


@dataclass(frozen=True, slots=True)
class Container:
    """A full container: inner volume and payload; roads at the destination often allow less."""

    code: str
    inner_cbm: Decimal
    max_payload: Quantity
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; ``key`` is its path (food/coffee/green), ``parent`` the path above or empty."""

    key: str
    parent: str
    labels: Labels
    children: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last step of the path."""
        return self.key.rpartition("/")[2]

    def name(self, locale: str = "en") -> str:
        """The category's name."""
        return label(self.labels, locale)


@dataclass(frozen=True, slots=True)
class Commodity:
    """One kind of goods: what a listing of it must say, and how it is packed and loaded."""

    key: str
    labels: Labels
    words: Mapping[str, tuple[str, ...]]
    level: Level
    category: str
    hs: str
    hs_alternates: tuple[str, ...]
    hs_heading: str
    value_chain: Mapping[Stage, str]
    units: tuple[str, ...]
    packaging: tuple[str, ...]
    moq_unit: str
    moq_typical: str
    loads: tuple[Load, ...]
    loads_confidence: Confidence
    usable_cbm_fcl40hc: tuple[Decimal, Decimal] | None
    rules: Mapping[str, SpecRule]
    shelf_life_months: Decimal
    storage: str
    confidence: Confidence
    note: str

    def name(self, locale: str = "en") -> str:
        """The commodity's name."""
        return label(self.labels, locale)

    @property
    def hs_codes(self) -> tuple[str, ...]:
        """The usual HS code first, then those that some forms of the goods fall under."""
        return (self.hs, *self.hs_alternates)

    @property
    def required(self) -> tuple[SpecRule, ...]:
        """The rules of fields that a listing must state."""
        return tuple(rule for rule in self.rules.values() if rule.is_required)

    @property
    def by_weight(self) -> tuple[str, ...]:
        """Keys of the fields as a buyer reads them: those that decide first, each group in the registry's order."""
        return tuple(sorted(self.rules, key=lambda key: not self.rules[key].is_critical))

    def load(self, container: str, unit: str | None = None, stowage: str = "loose") -> Load | None:
        """The known load of a container, in ``unit`` where it is known so, or nothing."""
        for load in self.loads:
            if load.container == container and load.stowage == stowage and unit in (None, load.low.unit):
                return load
        return None

    def contents(self, stowage: str = "loose") -> Contents:
        """Loads for converting containers: the low end, so that what is promised also fits."""
        found: dict[str, Quantity] = {}
        for load in self.loads:
            if load.stowage == stowage:
                found.setdefault(load.container, load.low)
        return found


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A band of defect values in SNI 01-2907 (green coffee)."""

    grade: str
    defect_min: int
    defect_max: int
    note: str
