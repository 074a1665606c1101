"""Tables in text: any sensible delimiter and encoding, found out from the file itself."""

import codecs
import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

from marketplace.catalogue.importing.problems import FileProblem, RowProblem
from marketplace.catalogue.importing.reading import FileLayout, RawRow, RowSource, begun, headings_of

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 40
_CHUNK = 1 << 20


def open_delimited(path: Path, layout: FileLayout) -> RowSource:
    """The rows of a CSV or TSV file; raises ``FileProblem``."""
    encoding = layout.encoding or find_encoding(path)
    try:
        codecs.lookup(encoding)
        delimiter = layout.delimiter or find_delimiter(path, encoding)
    except (LookupError, UnicodeError):
        raise FileProblem("file_encoding") from None
    return begun("csv", _read(path, encoding, delimiter))


def _read(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[str, ...] | RawRow | RowProblem]:
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=delimiter)
        try:
            number, headings = _headings(rows)
        except (csv.Error, UnicodeError):
            raise FileProblem("file_encoding") from None
        yield headings
        width = len(headings)
        while True:
            number += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as fault:
                yield RowProblem(number, "", "row_unreadable", {"reason": str(fault)})
                continue
            except UnicodeError:
                raise FileProblem("file_encoding") from None
            if len(row) > width and any(cell.strip() for cell in row[width:]):
                yield RowProblem(number, "", "row_too_long")
            elif row and any(row):
                yield RawRow(number, dict(zip(headings, row, strict=False)))


def _headings(rows: Iterator[list[str]]) -> tuple[int, tuple[str, ...]]:
    for number, row in enumerate(rows, 1):
        # Excel writes "sep=;" above the heading when it is asked to.
        if any(cell.strip() for cell in row) and not (len(row) <= 2 and row[0].lower().startswith("sep=")):
            return number, headings_of(row)
    raise FileProblem("file_empty")


def find_encoding(path: Path) -> str:
    """UTF-8 with or without a mark, UTF-16 by its mark or by its zero bytes, else Windows-1252.

    The whole file is decoded once, because one letter near its end decides; that takes 0.2 s for 50 MB.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        zeros = start.count(0)
        if zeros > len(start) // 4:
            return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that gives the most rows of one width; a comma where none divides anything."""
    with path.open(encoding=encoding, newline="") as file:
        lines = list(itertools.islice((line[:20_000] for line in file), _SAMPLE_ROWS))
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[-1]
    return max(_DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0.0, 0)
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])
