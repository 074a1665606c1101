"""The parts of a workbook, watched while they are unpacked: a few kilobytes may ask for gigabytes of memory.

What is small by nature (formats, names, relations) is read as one tree, which takes a hundred times its bytes; sheets
and shared strings are read as streams, but a row of a million empty cells is one tree, too. Both are bounded here, by
what Excel itself can write in a table that people fill in.
"""

from __future__ import annotations

import zipfile
from types import TracebackType
from typing import IO, Any
from xml.parsers import expat

from marketplace.catalogue.importing.problems import FileProblem

MOST_WHOLE = 1024 * 1024  # bytes of a part that is read as one tree; 50 kB are usual
MOST_IN_ROW = 50_000  # elements: a sheet's 16,384 columns, each with its value, and some to spare
MOST_ROWS = 1_048_576
MOST_STRINGS = 500_000
MOST_BESIDE = 70_000  # elements that belong to no row: merged cells, widths, at most 65,530 links
MOST_IN_TAG = 256 * 1024  # bytes


class WatchedArchive(zipfile.ZipFile):
    """A workbook's archive whose parts cannot grow beyond measure; reading one that would raises ``FileProblem``."""

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """The whole part; refused above ``MOST_WHOLE``, since whoever asks makes one tree of it."""
        if self.getinfo(name if isinstance(name, str) else name.filename).file_size > MOST_WHOLE:
            raise FileProblem("file_too_formatted")
        return super().read(name, pwd)

    def open(self, name: Any, mode: Any = "r", pwd: bytes | None = None, *, force_zip64: bool = False) -> Any:
        """The part as a stream that ends in ``FileProblem`` where too much of it would have to be kept."""
        return _Watched(super().open(name, mode, pwd, force_zip64=force_zip64))


class _Watched:
    """A stream of XML; every piece is counted before the reader gets it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._count = _Count()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._count.take(piece)
        return piece

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Watched:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


class _Count:
    """Elements inside each row or shared string, and beside all of them."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begins
        self._parser.EndElementHandler = self._ends
        self._parser.StartDoctypeDeclHandler = self._declares
        self._fed = self._rows = self._strings = self._beside = self._inside = self._depth = 0
        self._unit = ""  # the row or shared string we are in

    def take(self, piece: bytes) -> None:
        """Count a piece; raises ``FileProblem``."""
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError:
            raise FileProblem("file_damaged") from None
        self._fed += len(piece)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MOST_IN_TAG:
            raise FileProblem("file_too_formatted")

    def _begins(self, name: str, _attributes: dict[str, str]) -> None:
        if self._unit:
            self._inside += 1
            self._depth += name == self._unit  # none nests in a true workbook
            if self._inside > MOST_IN_ROW:
                raise FileProblem("file_too_formatted")
        elif name.endswith(" row"):
            self._unit, self._inside, self._depth = name, 0, 1
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise FileProblem("file_too_formatted")
        elif name.endswith(" si"):
            self._unit, self._inside, self._depth = name, 0, 1
            self._strings += 1
            if self._strings > MOST_STRINGS:
                raise FileProblem("file_too_formatted")
        else:
            self._beside += 1
            if self._beside > MOST_BESIDE:
                raise FileProblem("file_too_formatted")

    def _ends(self, name: str) -> None:
        if name == self._unit:
            self._depth -= 1
            if not self._depth:
                self._unit = ""

    def _declares(self, *_details: object) -> None:
        raise FileProblem("file_damaged")  # no program writes a document type there; it is the door to entities
