"""The mapping language: how the columns of somebody's file become ours.

docs/ref-mapping.md describes it for those who write mappings.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from marketplace.catalogue.importing.columns import Kind, column_for, standard_columns
from marketplace.catalogue.importing.fieldrules import Between, ColumnMapping, FieldRule, Operand, SkipRule
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.importing.reading import FileLayout
from marketplace.catalogue.importing.templates import TextTemplate
from marketplace.kernel.datafiles import DataFault, Tree, read_yaml
from marketplace.kernel.measures import UNITS, Quantity, parse_quantity
from marketplace.kernel.numerals import DecimalSign, ParseError, parse_decimal

LARGEST_MAPPING = 256 * 1024
_LONGEST_PATTERN = 200


def load_mapping(path: Path) -> ColumnMapping:
    """The mapping in a YAML file; raises ``DataFault`` with the place of what is wrong in it."""
    if path.stat().st_size > LARGEST_MAPPING:
        raise DataFault(f"{path.name}: larger than {LARGEST_MAPPING // 1024} KB")
    return read_mapping(path.read_bytes(), path.name)


def read_mapping(source: str | bytes, name: str = "mapping") -> ColumnMapping:
    """The mapping in a YAML text; raises ``DataFault``."""
    tree = read_yaml(source, name)
    if not isinstance(tree, dict) or not isinstance(tree.get("fields"), dict):
        raise DataFault(f"{name}: needs fields")
    _only(tree, {"version", "name", "note", "source", "numbers", "dates", "empty", "fields", "skip"}, name)
    for option in ("version", "name", "note"):
        _shape(tree.get(option, ""), str, f"{name}: {option}")
    if tree.get("version", "1") != "1":
        raise DataFault(f"{name}: version {tree['version']} is not known; this is version 1")
    source_tree, numbers = tree.get("source") or {}, tree.get("numbers") or {}
    _only(source_tree, {"delimiter", "encoding", "sheet"}, f"{name}: source")
    _only(numbers, {"decimal"}, f"{name}: numbers")
    for option in ("delimiter", "encoding", "sheet"):
        _shape(source_tree.get(option, ""), str, f"{name}: source, {option}")
    if len(source_tree.get("delimiter", "")) > 1:
        raise DataFault(f"{name}: source, delimiter: must be one character")
    skips = tree.get("skip") or []
    _shape(skips, list, f"{name}: skip")
    common = _Common(
        decimal=_decimal(numbers.get("decimal", ""), f"{name}: numbers"),
        dates=_texts(tree.get("dates", []), f"{name}: dates"),
        empty=_texts(tree.get("empty", []), f"{name}: empty"),
    )
    rules = {key: _rule(key, row, common, f"{name}: fields, {key}") for key, row in tree["fields"].items()}
    for column in standard_columns().values():
        if column.is_needed and column.name not in rules:
            raise DataFault(f"{name}: fields lack {column.name}")
    return ColumnMapping(
        name=tree.get("name", name),
        layout=FileLayout(
            source_tree.get("delimiter", ""), source_tree.get("encoding", ""), source_tree.get("sheet", "")
        ),
        rules=MappingProxyType(rules),
        skips=tuple(_skip(row, f"{name}: skip") for row in skips),
    )


def standard_mapping(headings: tuple[str, ...]) -> ColumnMapping:
    """The mapping for a file with our own headings; raises ``FileProblem`` when it is not one.

    ``unread`` names the headings that mean nothing to us.
    """
    found: dict[str, FieldRule] = {}
    unread = []
    for heading in headings:
        column = column_for(heading)
        if column is None:
            unread.append(heading)
        elif column.name in found:
            raise FileProblem("headings_twice", column=heading)
        else:
            found[column.name] = FieldRule(column, columns=(heading,))
    if not found:
        raise FileProblem("headings_unknown")
    missing = [
        column.heading for column in standard_columns().values() if column.is_needed and column.name not in found
    ]
    if missing:
        raise FileProblem("headings_missing", columns=", ".join(missing))
    return ColumnMapping("standard", FileLayout(), MappingProxyType(found), (), tuple(unread))


@dataclass(frozen=True, slots=True)
class _Common:
    decimal: DecimalSign | None
    dates: tuple[str, ...]
    empty: tuple[str, ...]


_SOURCES = ("column", "first", "value", "template", "product", "sum")
_OPTIONS = frozenset(
    {"default", "empty", "map", "only_map", "units", "unit", "unit_column", "convert", "currency", "decimal", "dates",
     "multiply", "pattern", "between", "filled_in", "if_unreadable", *_SOURCES}
)  # fmt: skip


_LISTS = dict.fromkeys(("first", "product", "sum", "empty", "dates", "between"), list)
_TABLES = dict.fromkeys(("map", "units"), dict)


def _shape(value: Tree, kind: type, place: str) -> None:
    if not isinstance(value, kind):
        raise DataFault(f"{place}: must be a {'text' if kind is str else 'list' if kind is list else 'table'}")
    if isinstance(value, dict) and not all(isinstance(text, str) for text in value.values()):
        raise DataFault(f"{place}: must be a table of texts")


def _rule(key: str, row: Tree, common: _Common, place: str) -> FieldRule:
    column = standard_columns().get(key)
    if column is None:
        raise DataFault(f"{place}: is not one of our columns")
    if isinstance(row, str):  # "moq: 60 kg" would hide that a constant is a claim
        raise DataFault(f"{place}: say column: or value:")
    _only(row, _OPTIONS, place)
    for option, value in row.items():
        _shape(value, _LISTS.get(option, _TABLES.get(option, str)), f"{place}, {option}")
    given = [source for source in _SOURCES if source in row]
    if len(given) != 1:
        raise DataFault(f"{place}: needs exactly one of {', '.join(_SOURCES)}")
    if row.get("if_unreadable", "refuse") not in ("refuse", "leave_out"):
        raise DataFault(f"{place}: if_unreadable is refuse or leave_out")
    if column.is_needed and row.get("if_unreadable") == "leave_out":
        raise DataFault(f"{place}: no row can do without it")
    for unit in (row.get("unit", ""), row.get("convert", ""), *(row.get("units") or {}).values()):
        if unit and unit not in UNITS and column.kind is not Kind.SPEC:
            raise DataFault(f"{place}: {unit!r} is not one of our units")
    return FieldRule(
        column=column,
        columns=_texts(row.get("first", [row["column"]] if "column" in row else []), place),
        value=row.get("value"),
        template=TextTemplate(row["template"]) if "template" in row else None,
        product=tuple(_operand(part, place) for part in row.get("product", [])),
        sum=tuple(_operand(part, place) for part in row.get("sum", [])),
        default=row.get("default"),
        empty=frozenset(text.casefold() for text in (*common.empty, *_texts(row.get("empty", []), place))),
        table=MappingProxyType({_fold(text): target for text, target in row["map"].items()}) if "map" in row else None,
        is_only_table=_flag(row.get("only_map", "false"), place),
        units=MappingProxyType({_fold(text): unit for text, unit in (row.get("units") or {}).items()}),
        unit=row.get("unit", ""),
        unit_column=row.get("unit_column", ""),
        convert=row.get("convert", ""),
        currency=row.get("currency", ""),
        decimal=_decimal(row["decimal"], place) if "decimal" in row else common.decimal,
        dates=_texts(row["dates"], place) if "dates" in row else common.dates,
        multiply=_number(row["multiply"], place) if "multiply" in row else None,
        pattern=_pattern(row["pattern"], place) if "pattern" in row else None,
        between=_between(row, place),
        is_filled_in=_flag(row.get("filled_in", "true" if "value" in row else "false"), place),
        is_left_out=row.get("if_unreadable") == "leave_out",
    )


def _operand(part: Tree, place: str) -> Operand:
    if isinstance(part, str):
        return Operand(part, "", "")
    _only(part, {"column", "value", "unit", "between"}, place)
    for option in ("column", "value", "unit"):
        _shape(part.get(option, ""), str, f"{place}, {option}")
    if ("column" in part) == ("value" in part):
        raise DataFault(f"{place}: a factor is a column or a value")
    unit = part.get("unit", "")
    if unit and unit not in UNITS:
        raise DataFault(f"{place}: {unit!r} is not one of our units")
    return Operand(part.get("column", ""), part.get("value", ""), unit, _between(part, place))


def _between(row: Tree, place: str) -> Between | None:
    if "between" not in row:
        return None
    texts = _texts(row["between"], place)
    if len(texts) != 2:
        raise DataFault(f"{place}: between is a low and a high value")
    low, high = (_measure(text, place) for text in texts)
    if isinstance(low, Quantity) != isinstance(high, Quantity):
        raise DataFault(f"{place}: between needs a unit on both sides or on none")
    return Between(low, high, (texts[0], texts[1]))


def _measure(text: str, place: str) -> Decimal | Quantity:
    try:
        return parse_quantity(text, None, ".") if re.search(r"[^\W\d_]", text) else parse_decimal(text, ".")
    except ParseError as fault:
        raise DataFault(f"{place}: {text!r} is not a number or quantity") from fault


def _number(text: str, place: str) -> Decimal:
    found = _measure(text, place)
    if isinstance(found, Quantity):
        raise DataFault(f"{place}: {text!r} is not a number")
    return found


def _skip(row: Tree, place: str) -> SkipRule:
    _only(row, {"column", "is", "is_empty", "matches", "because"}, place)
    for option in ("column", "is_empty", "matches", "because"):
        _shape(row.get(option, ""), str, f"{place}, {option}")
    given = [test for test in ("is", "is_empty", "matches") if test in row]
    if len(given) != 1 or not row.get("column") or not row.get("because"):
        raise DataFault(f"{place}: needs a column, one of is, is_empty, matches, and because")
    values = None
    if "is" in row:
        values = frozenset(
            _fold(text) for text in _texts(row["is"] if isinstance(row["is"], list) else [row["is"]], place)
        )
    if "is_empty" in row:
        values = frozenset({""})
    return SkipRule(
        row["column"], values, _pattern(row["matches"], place) if "matches" in row else None, row["because"]
    )


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _only(tree: Tree, allowed: frozenset[str] | set[str], place: str) -> None:
    if not isinstance(tree, dict):
        raise DataFault(f"{place}: must be a mapping")
    unknown = sorted(set(tree) - allowed)
    if unknown:
        raise DataFault(f"{place}: does not know {', '.join(unknown)}")


def _texts(tree: Tree, place: str) -> tuple[str, ...]:
    if not isinstance(tree, list) or not all(isinstance(text, str) for text in tree):
        raise DataFault(f"{place}: must be a list of texts")
    return tuple(tree)


def _flag(text: Tree, place: str) -> bool:
    if text not in ("true", "false"):
        raise DataFault(f"{place}: {text!r} is neither true nor false")
    return bool(text == "true")


def _decimal(text: Tree, place: str) -> DecimalSign | None:
    if text not in ("", *get_args(DecimalSign)):
        raise DataFault(f"{place}: the decimal sign is . or ,")
    return "." if text == "." else "," if text == "," else None


def _pattern(text: str, place: str) -> re.Pattern[str]:
    if len(text) > _LONGEST_PATTERN:
        raise DataFault(f"{place}: the pattern is longer than {_LONGEST_PATTERN} characters")
    try:
        pattern = re.compile(text, re.IGNORECASE)
    except re.error as fault:
        raise DataFault(f"{place}: pattern: {fault}") from fault
    if pattern.groups > 1:
        raise DataFault(f"{place}: the pattern has more than one group")
    return pattern
