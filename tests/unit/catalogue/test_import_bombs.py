"""Small workbooks that would take gigabytes: refused with a sentence, whichever part swells."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from marketplace.catalogue.importing import parts
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.importing.reading import open_rows

SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
MOST_MEMORY = 64 * 1024 * 1024


def _book(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["external_key", "commodity"])
        sheet.write_row(1, 0, ["A1", "coffee-arabica-green"])
    with zipfile.ZipFile(memory) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            before = source.read(name)
            after = changes.get(name, lambda part: part)(before)
            assert name not in changes or after != before, f"{name} was not changed"
            target.writestr(name, after)
    return path


def _before(end: bytes, more: bytes) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(end, more + end, 1)


BOMBS: dict[str, dict[str, Callable[[bytes], bytes]]] = {
    "formats": {STYLES: _before(b"</cellXfs>", b"<xf/>" * 2_000_000)},
    "names": {
        "xl/workbook.xml": _before(b"<calcPr", b"<definedNames>" + b"<definedName/>" * 200_000 + b"</definedNames>")
    },
    "relations": {"[Content_Types].xml": _before(b"</Types>", b"<Default/>" * 200_000)},
    "one wide row": {SHEET: _before(b"</row>", b"<c/>" * 2_000_000)},
    "cells beside rows": {SHEET: _before(b"</sheetData>", (b"<row/>" + b"<c/>" * 1000) * 500)},
    "rows in rows": {
        SHEET: _before(b"</sheetData>", b"<row>" + (b"<row>" + b"<c/>" * 1000 + b"</row>") * 500 + b"</row>")
    },
    "one long string": {STRINGS: _before(b"</sst>", b"<si>" + b"<r><t/></r>" * 1_000_000 + b"</si>")},
    "many strings": {STRINGS: _before(b"</sst>", b"<si/>" * (parts.MOST_STRINGS + 1))},
    "one long tag": {
        SHEET: _before(b"</sheetData>", b"<row " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>")
    },
}


@pytest.mark.parametrize("kind", list(BOMBS))
def test_a_part_that_swells_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_STRINGS", 20_000)  # half a million would take the test some seconds
    path = _book(tmp_path / "book.xlsx", BOMBS[kind])
    assert path.stat().st_size < 1024 * 1024
    tracemalloc.start()
    try:
        with pytest.raises(FileProblem) as caught:
            list(open_rows(path).rows)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    assert caught.value.code == "file_too_formatted"
    assert "CSV" in caught.value.sentence(lambda text: text)


def test_a_document_type_is_not_read(tmp_path: Path) -> None:
    entities = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">]><worksheet'
    path = _book(tmp_path / "book.xlsx", {SHEET: lambda part: part.replace(b"<worksheet", entities, 1)})
    with pytest.raises(FileProblem, match="file_damaged"):
        list(open_rows(path).rows)


@pytest.mark.parametrize("name", ["book.xlsx", "book.xls", "products.csv", "book"])
def test_an_ordinary_workbook_is_read_whatever_its_name(name: str, tmp_path: Path) -> None:
    filled = {SHEET: _before(b"</row>", b"<c/>" * 16_000)}  # a row formatted to its end is ordinary
    source = open_rows(_book(tmp_path / name, filled))
    assert source.headings == ("external_key", "commodity")
    assert len(list(source.rows)) == 1
