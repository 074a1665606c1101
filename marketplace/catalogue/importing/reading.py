"""Files of rows, read one row at a time: CSV, XLSX and JSON lines, told apart by what is in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias, cast

from marketplace.catalogue.importing.problems import FileProblem, RowProblem

Cell: TypeAlias = str | int | float | bool | date | list[object] | None
Cells: TypeAlias = Mapping[str, Cell]

MOST_COLUMNS = 400
_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row by heading; ``number`` counts as spreadsheets do, the heading being row 1."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class FileLayout:
    """What the reader is told about a file; empty means it finds out by itself."""

    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowSource:
    """An opened file: its headings, and its rows as they come. Rows that cannot be read come as problems."""

    kind: str
    headings: tuple[str, ...]
    rows: Iterator[RawRow | RowProblem]


def begun(kind: str, items: Iterator[tuple[str, ...] | RawRow | RowProblem]) -> RowSource:
    """The source whose iterator gives the headings first. A begun generator closes its file however it ends."""
    headings = next(items)
    assert isinstance(headings, tuple)
    return RowSource(kind, headings, cast(Iterator[RawRow | RowProblem], items))


def open_rows(path: Path, layout: FileLayout | None = None) -> RowSource:
    """The rows of a file; memory does not grow with their number. Raises ``FileProblem``."""
    told = layout or FileLayout()
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise FileProblem("file_empty")
    if start.startswith(_OLD_EXCEL):
        raise FileProblem("file_old_excel")
    if start.startswith(_ZIP):
        from marketplace.catalogue.importing.workbook import open_workbook

        return open_workbook(path, told)
    if start.startswith(_PDF):
        raise FileProblem("file_kind")
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        from marketplace.catalogue.importing.jsonlines import open_json_lines

        return open_json_lines(path)
    from marketplace.catalogue.importing.delimited import open_delimited

    return open_delimited(path, told)


def headings_of(cells: list[str]) -> tuple[str, ...]:
    """The headings, trimmed; a column without one is called #1, #2 … by its place. Raises ``FileProblem``."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise FileProblem("file_too_wide", most=str(MOST_COLUMNS))
    found = [" ".join(cell.split()) or f"#{place}" for place, cell in enumerate(cells, 1)]
    for heading in found:
        if found.count(heading) > 1:
            raise FileProblem("headings_twice", column=heading)
    if not found:
        raise FileProblem("file_empty")
    return tuple(found)
