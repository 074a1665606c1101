"""Data files that belong to the code: YAML in which every value is a text, and tables in CSV."""

import csv
from pathlib import Path
from typing import Any, TypeAlias

import yaml

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML built without libyaml: slower, with the same events
    from yaml import SafeLoader as _Parser  # type: ignore[assignment]

# A mapping, a list or a text. YAML's own guesses (NO a falsehood, 0901 an octal number) have no place in data that
# holds country and tariff codes; whoever reads a field says what it is.
Tree: TypeAlias = Any

_MAX_DEPTH = 32


class DataFault(ValueError):
    """A data file does not say what it must; the message names the place."""


def read_yaml(source: str | bytes, name: str = "YAML") -> Tree:
    """The tree of mappings, lists and texts in a YAML document; an empty value is an empty text.

    Raises ``DataFault`` for bad syntax, repeated keys, anchors and nesting deeper than 32.
    """
    parser = _Parser(source)
    try:
        while not isinstance(event := parser.get_event(), yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return ""
        tree = _node(parser, parser.get_event(), name, 0)
        parser.get_event()
        if not isinstance(parser.get_event(), yaml.StreamEndEvent):
            raise DataFault(f"{name}: more than one document")
    except yaml.YAMLError as fault:
        raise DataFault(f"{name}: {fault}") from fault
    finally:
        parser.dispose()
    return tree


def load_yaml(path: Path) -> Tree:
    """``read_yaml`` of a file."""
    return read_yaml(path.read_bytes(), path.name)


def load_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a heading; raises ``DataFault`` for rows that are too short or too long."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, strict=True)
        head = next(rows)
        found = []
        for row in rows:
            if len(row) != len(head):
                raise DataFault(f"{path.name}, line {rows.line_num}: {len(row)} cells, not {len(head)}")
            found.append(dict(zip(head, row, strict=True)))
    return found


def _node(parser: Any, event: Any, name: str, depth: int) -> Tree:
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        # Aliases make a small file a huge one; nothing here needs them.
        raise DataFault(f"{name}, line {line}: aliases are not used here")
    if depth > _MAX_DEPTH:
        raise DataFault(f"{name}, line {line}: nested too deeply")
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := parser.get_event(), yaml.SequenceEndEvent):
            items.append(_node(parser, event, name, depth + 1))
        return items
    mapping: dict[str, Tree] = {}
    while not isinstance(event := parser.get_event(), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        key = _node(parser, event, name, depth + 1)
        if not isinstance(key, str):
            raise DataFault(f"{name}, line {line}: a key must be a text")
        if key in mapping:
            raise DataFault(f"{name}, line {line}: {key!r} stands there twice")
        mapping[key] = _node(parser, parser.get_event(), name, depth + 1)
    return mapping
