"""JSON lines: one object a line; nested objects become dotted names (``spec.moisture_pct``)."""

import json
from collections.abc import Iterator
from pathlib import Path

from marketplace.catalogue.importing.problems import RowProblem
from marketplace.catalogue.importing.reading import MOST_COLUMNS, Cell, RawRow, RowSource

_LONGEST_LINE = 1 << 20
_LOOK_AHEAD = 200


def open_json_lines(path: Path) -> RowSource:
    """The objects of a file; the headings are the names in its first 200 lines."""
    headings: dict[str, None] = {}
    ahead = _read(path)
    for place, row in enumerate(ahead):
        if isinstance(row, RawRow):
            headings.update(dict.fromkeys(row.cells))
        if place >= _LOOK_AHEAD:
            break
    return RowSource("jsonl", tuple(headings), _read(path))


def _read(path: Path) -> Iterator[RawRow | RowProblem]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
                while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield RowProblem(number, "", "json_unreadable")
                continue
            text = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not text:
                continue
            cells: dict[str, Cell] = {}
            try:
                tree = json.loads(text)
                if not isinstance(tree, dict):
                    raise ValueError("not an object")
                _flatten(tree, "", cells)
            except (ValueError, RecursionError):
                yield RowProblem(number, "", "json_unreadable")
                continue
            yield RawRow(number, cells)


def _flatten(tree: dict[str, object], path: str, cells: dict[str, Cell]) -> None:
    for name, value in tree.items():
        if isinstance(value, dict):
            _flatten(value, f"{path}{name}.", cells)
        elif value is None or isinstance(value, str | int | float | bool | list):
            cells[f"{path}{name}"] = value
        if len(cells) > MOST_COLUMNS:
            raise ValueError("too many names")
