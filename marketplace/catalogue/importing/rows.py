"""Rows made into products: every cell typed, every doubt reported with row and column, nothing guessed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from marketplace.catalogue.importing.assembly import Draft, assemble
from marketplace.catalogue.importing.cells import cell_text
from marketplace.catalogue.importing.columns import SPEC_PREFIX, Kind
from marketplace.catalogue.importing.fieldrules import ColumnMapping, FieldRule, SkipRule
from marketplace.catalogue.importing.formulas import Raw, take
from marketplace.catalogue.importing.problems import FileProblem, RowProblem
from marketplace.catalogue.importing.products import ImportedProduct
from marketplace.catalogue.importing.reading import Cells, RawRow
from marketplace.catalogue.importing.typed import SIMPLE, read_price, read_quantity_of, read_spec
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.kernel.measures import UnitMismatch
from marketplace.kernel.numerals import ParseError

_MOST_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 64
_MOST_OFTEN_NEW = frozenset({Kind.KEY, Kind.TEXT, Kind.LONG_TEXT, Kind.PHOTOS})


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: a product, or problems, or neither where the mapping skips it.

    A product may come with problems too: those of values that the mapping leaves out.
    """

    row: int
    product: ImportedProduct | None
    problems: tuple[RowProblem, ...] = ()
    skipped_because: str = ""


@dataclass(slots=True)
class ReadingTally:
    """How many rows became what, and which columns were filled in or are missing how often."""

    products: int = 0
    complete: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    filled_in: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, result: RowResult) -> None:
        """Count one row."""
        if result.skipped_because:
            self.skipped[result.skipped_because] += 1
        elif result.product is None:
            self.failed += 1
        else:
            self.products += 1
            self.complete += result.product.is_complete
            self.filled_in.update(result.product.filled_in)
            self.missing.update(result.product.missing)
            self.left_out.update(problem.column for problem in result.problems)


class RowReader:
    """Reads rows by a mapping. One reader serves one file: it remembers the item codes it has seen."""

    def __init__(self, mapping: ColumnMapping, headings: Iterable[str], locale: str = "en") -> None:
        """``headings`` are the file's; ``locale`` is the language in which problems name choices.

        Raises ``FileProblem`` when the file lacks columns that the mapping speaks of.
        """
        missing = sorted(mapping.headings - set(headings))
        if missing:
            raise FileProblem("headings_missing", columns=", ".join(missing))
        self._skips = mapping.skips
        self._locale = locale
        self._registry = load_registry()
        self._seen: set[int] = set()
        # What others depend on is read first: the commodity decides on specifications, currency and unit on prices.
        rules = mapping.rules
        self._first = [_Reading.of(rules[name]) for name in _DECISIVE if name in rules]
        self._others = [_Reading.of(rule) for name, rule in rules.items() if name not in _DECISIVE]
        self._plans: dict[tuple[_Context | None, bool], _Plan] = {}
        self._remembered = 0

    def read(self, row: RawRow) -> RowResult:
        """The product in a row, or what is wrong with it."""
        cells = row.cells
        for skip in self._skips:
            if _is_skipped(skip, cells):
                return RowResult(row.number, None, (), skip.because)
        draft = Draft(row.number)
        self._read_fields(self._first, cells, None, draft)
        values = draft.values
        commodity = self._registry.commodities.get(values.get("commodity", ""))
        context = _Context(commodity, values.get("price_currency", ""), values.get("price_unit", ""))
        self._read_fields(self._others, cells, context, draft)
        code = values.get("external_key")
        if code:
            mark = hash(code)
            if mark in self._seen:
                draft.tell("external_key", "key_twice", text=code)
            self._seen.add(mark)
        product = assemble(draft, commodity) if commodity and not draft.is_lost else None
        return RowResult(row.number, product, tuple(draft.problems))

    def read_all(self, rows: Iterable[RawRow | RowProblem]) -> Iterator[RowResult]:
        """One result for every row of a file, those that could not be read at all included."""
        for row in rows:
            yield RowResult(row.row, None, (row,)) if isinstance(row, RowProblem) else self.read(row)

    def _read_fields(self, readings: "list[_Reading]", cells: Cells, context: "_Context | None", draft: Draft) -> None:
        plan = self._plans.get((context, readings is self._first))
        if plan is None:
            plan = self._plans[context, readings is self._first] = _Plan.of(readings, context, self._locale)
        get, memories = cells.get, plan.memories
        for place in plan.places(cells):
            reading, memory = readings[place], memories[place]
            only = reading.only
            mark: object = None
            is_text = True
            if reading.is_constant:
                pass
            elif only is not None:
                mark = get(only)
                is_text = mark is None or mark.__class__ is str
            else:
                mark = tuple(map(get, reading.names))
                is_text = all(text is None or text.__class__ is str for text in mark)
            outcome = memory.get(mark) if is_text else None
            if outcome is None:
                outcome = reading.read(cells, context, self._locale)
                if is_text and reading.is_remembered and len(str(mark)) <= _LONGEST_REMEMBERED:
                    memory[mark] = outcome
                    self._remembered += 1
            value, is_filled_in, fault = outcome
            if fault is not None:
                draft.refuse(reading.place, fault, is_fatal=not reading.rule.is_left_out)
            elif value is None:
                if reading.missing_code:
                    draft.refuse(reading.place, ParseError(reading.missing_code), is_fatal=True)
            else:
                draft.take(reading.name, reading.spec, value, is_filled_in)
        if self._remembered > _MOST_REMEMBERED:
            self._plans.clear()
            self._remembered = 0


_DECISIVE = ("commodity", "price_currency", "price_unit")


@dataclass(frozen=True, slots=True)
class _Context:
    """What of a row decides how its other cells are read."""

    commodity: Commodity | None
    currency: str
    unit: str

    def __hash__(self) -> int:
        return hash((self.commodity.key if self.commodity else "", self.currency, self.unit))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Context) and (self.commodity, self.currency, self.unit) == (
            other.commodity,
            other.currency,
            other.unit,
        )


_Outcome = tuple[Any, bool, ParseError | None]
_NOTHING: _Outcome = (None, False, None)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A rule made ready: which cells it looks at, and what it says when there is nothing in them."""

    rule: FieldRule
    name: str
    spec: str
    names: tuple[str, ...]
    only: str | None
    place: str
    missing_code: str
    is_constant: bool
    is_remembered: bool

    @classmethod
    def of(cls, rule: FieldRule) -> "_Reading":
        """The rule's reading."""
        column = rule.column
        names = (*rule.sources, rule.unit_column) if rule.unit_column else rule.sources
        # Where goods come from is never assumed: a file that has the column must state it in every row.
        is_country = column.kind is Kind.COUNTRY
        return cls(
            rule=rule,
            name=column.name,
            spec=column.name.removeprefix(SPEC_PREFIX) if column.kind is Kind.SPEC else "",
            names=names,
            only=names[0] if len(names) == 1 else None,
            place=", ".join(rule.sources) or column.heading_en,
            missing_code="country_missing" if is_country else "cell_missing" if column.is_needed else "",
            is_constant=not names,
            is_remembered=not names or column.kind not in _MOST_OFTEN_NEW,
        )

    def read(self, cells: Cells, context: _Context | None, locale: str) -> _Outcome:
        """The typed value, whether it was filled in, and the fault where it cannot be read."""
        try:
            taken = take(self.rule, cells)
            if taken.value is None:
                return _NOTHING
            value = _typed(self.rule, taken.value, cells, context or _NO_CONTEXT, locale)
        except ParseError as fault:
            return None, False, fault.with_traceback(None)
        return value, taken.is_filled_in, None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is read of every row in one context, what only where its cell holds something, and what was read before."""

    always: tuple[int, ...]
    by_heading: dict[str, list[int]]
    memories: list[dict[object, _Outcome]]

    @classmethod
    def of(cls, readings: list[_Reading], context: _Context | None, locale: str) -> "_Plan":
        """The plan for these readings: most columns of a sheet of many commodities are blank in most rows."""
        always: list[int] = []
        by_heading: dict[str, list[int]] = {}
        for place, reading in enumerate(readings):
            blank: tuple[Cells, ...] = ({}, {reading.only: ""}) if reading.only else ()
            if (
                blank
                and not reading.missing_code
                and all(reading.read(cells, context, locale) is _NOTHING for cells in blank)
            ):
                by_heading.setdefault(reading.only or "", []).append(place)
            else:
                always.append(place)
        return cls(tuple(always), by_heading, [{} for _ in readings])

    def places(self, cells: Cells) -> list[int]:
        """The readings that this row asks for, in their order."""
        found = list(self.always)
        by_heading = self.by_heading
        for heading, value in cells.items():
            if value is not None and value != "" and heading in by_heading:
                found += by_heading[heading]
        found.sort()
        return found


_NO_CONTEXT = _Context(None, "", "")


def _typed(rule: FieldRule, raw: Raw, cells: Cells, context: _Context, locale: str) -> Any:
    kind = rule.column.kind
    simple = SIMPLE.get(kind)
    if simple is not None:
        return simple(rule, raw)
    if kind is Kind.SPEC:
        if context.commodity is None:
            return None  # the commodity's own problem is told already
        return read_spec(rule, raw, context.commodity, rule.column.name.removeprefix(SPEC_PREFIX), locale)
    unit = cell_text(cells.get(rule.unit_column)) if rule.unit_column else rule.unit
    if rule.unit_column:
        unit = rule.units.get(unit.casefold(), unit)
    if kind is Kind.PRICE:
        return read_price(rule, raw, context.currency or rule.currency, context.unit or unit)
    try:
        return read_quantity_of(rule, raw, unit)
    except UnitMismatch as fault:
        raise ParseError("quantity_unconvertible", source=fault.source, target=fault.target) from None


def _is_skipped(skip: SkipRule, cells: Cells) -> bool:
    try:
        text = cell_text(cells.get(skip.column))
    except ParseError:
        return False
    if skip.pattern is not None:
        return skip.pattern.fullmatch(text) is not None
    return skip.values is not None and " ".join(text.split()).casefold() in skip.values
