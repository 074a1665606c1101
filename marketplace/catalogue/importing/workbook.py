"""XLSX workbooks, looked into before they are opened: a small file may unpack to a huge one."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from marketplace.catalogue.importing.parts import MOST_ROWS, WatchedArchive
from marketplace.catalogue.importing.problems import FileProblem, RowProblem
from marketplace.catalogue.importing.reading import (
    MOST_COLUMNS,
    Cell,
    FileLayout,
    RawRow,
    RowSource,
    begun,
    headings_of,
)

MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 500
_HEADING_WITHIN = 20


def open_workbook(path: Path, layout: FileLayout) -> RowSource:
    """The rows of a sheet: the one that is named, else the first that can be seen. Raises ``FileProblem``."""
    _check_parts(path)
    return begun("xlsx", _read(path, layout.sheet))


def _read(path: Path, sheet: str) -> Iterator[tuple[str, ...] | RawRow | RowProblem]:
    from openpyxl.reader.excel import ExcelReader  # heavy, and most files are CSV

    book = None
    file = path.open("rb")  # by its content: a workbook may come under any name
    try:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.archive = WatchedArchive(file)
        # a sheet of one chart is not wanted: its pictures are no XML, and its chart may be large
        reader.read_chartsheet = lambda *_: None  # type: ignore[method-assign]  # on purpose
        reader.read()
        book = reader.wb
        rows = _sheet(book, sheet).iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS + 1, values_only=True)
        lines = enumerate(rows, 1)
        headings = headings_of(_headings(lines))
        yield headings
        for number, values in lines:
            if not any(value is not None and value != "" for value in values):
                continue
            if any(value is not None for value in values[len(headings) :]):
                yield RowProblem(number, "", "row_too_long")
                continue
            yield RawRow(number, dict(zip(headings, map(_cell, values), strict=False)))
    except FileProblem:
        raise
    except Exception as fault:  # openpyxl raises whatever its XML parser and its own classes raise
        raise FileProblem("file_damaged") from fault
    finally:
        if book is not None:
            book.close()
        file.close()


def _check_parts(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileProblem("file_damaged") from None
    if len(parts) > MOST_PARTS:
        raise FileProblem("file_too_many_parts", most=str(MOST_PARTS))
    # zipfile never unpacks more than a part's stated size, so the stated sizes are the ones to sum up.
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileProblem("file_too_large", most=str(MOST_UNPACKED // 1024 // 1024))
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise FileProblem("file_kind")


def _sheet(book: Any, name: str) -> Any:
    if name:
        if name not in book.sheetnames:
            raise FileProblem("sheet_missing", sheet=name, sheets=", ".join(book.sheetnames))
        return book[name]
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise FileProblem("file_empty")
    return visible[0]


def _headings(lines: Iterator[tuple[int, tuple[Any, ...]]]) -> list[str]:
    for number, values in lines:
        if any(value not in (None, "") for value in values):
            return ["" if value is None else str(value) for value in values]
        if number >= _HEADING_WITHIN:
            break
    raise FileProblem("file_empty")


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, time):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | date):
        return value
    return str(value)
