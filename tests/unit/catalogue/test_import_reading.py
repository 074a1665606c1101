"""Files of rows in the state in which they come: delimiters, encodings, workbooks, JSON lines, and hostile ones."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.importing import workbook
from marketplace.catalogue.importing.problems import MESSAGES, FileProblem, RowProblem
from marketplace.catalogue.importing.reading import FileLayout, RawRow, open_rows

ROWS = [["Kode", "Nama", "Harga"], ["A1", "Kopi “Gayo” Ü 咖啡", "1,5"], ["A2", 'say "hi", then', "2,5"]]


def _written(tmp_path: Path, text: str, encoding: str) -> Path:
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode(encoding))
    return path


def _csv(delimiter: str, rows: list[list[str]] = ROWS) -> str:
    quoted = (('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\r\n".join(delimiter.join(row) for row in quoted) + "\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_delimiter_in_any_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    source = open_rows(_written(tmp_path, _csv(delimiter), encoding))
    assert source.headings == ("Kode", "Nama", "Harga")
    found = [row for row in source.rows if isinstance(row, RawRow)]
    assert [list(row.cells.values()) for row in found] == ROWS[1:]
    assert [row.number for row in found] == [2, 3]


def test_windows_letters_are_told_from_unicode_even_late_in_the_file(tmp_path: Path) -> None:
    rows = [["Kode", "Nama"], *[[str(n), "plain"] for n in range(30_000)], ["last", "Crème brûlée"]]
    source = open_rows(_written(tmp_path, _csv(";", rows), "cp1252"))
    *_, last = source.rows
    assert isinstance(last, RawRow)
    assert last.cells["Nama"] == "Crème brûlée"


def test_excels_separator_line_is_understood(tmp_path: Path) -> None:
    source = open_rows(_written(tmp_path, "sep=|\r\nKode|Nama\r\nA|a,b;c\r\n", "utf-8"))
    (row,) = source.rows
    assert isinstance(row, RawRow)
    assert row.cells == {"Kode": "A", "Nama": "a,b;c"}


def test_what_the_layout_says_is_not_guessed_again(tmp_path: Path) -> None:
    path = _written(tmp_path, "Kode;a,b\nÄ;x,y\n", "cp1252")
    source = open_rows(path, FileLayout(delimiter=",", encoding="cp1252"))
    assert source.headings == ("Kode;a", "b")


def test_blank_rows_are_passed_over_and_rows_that_are_too_long_are_told(tmp_path: Path) -> None:
    rows = list(open_rows(_written(tmp_path, "a,b\n1,2\n\n,\n3,4,5\n6\n7,8,,\n", "utf-8")).rows)
    assert [(row.number, dict(row.cells)) if isinstance(row, RawRow) else (row.row, row.code) for row in rows] == [
        (2, {"a": "1", "b": "2"}),
        (5, "row_too_long"),
        (6, {"a": "6"}),
        (7, {"a": "7", "b": "8"}),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \n \n", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_old_excel"),
        (b"%PDF-1.7\n", "file_kind"),
        (b"PK\x03\x04 no archive", "file_damaged"),
        (b"a,b,a\n1,2,3\n", "headings_twice"),
        (("," * 500 + "x\n").encode(), "file_too_wide"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FileProblem) as caught:
        open_rows(path)
    assert caught.value.code == code
    assert caught.value.sentence(lambda text: text)


def _book(tmp_path: Path, rows: list[list[object]], title: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_typed_cells(tmp_path: Path) -> None:
    path = _book(tmp_path, [["Kode", "Berat", "Tanggal", "Ya"], ["A", 12.5, date(2026, 5, 31), True], [], ["B", 3]])
    source = open_rows(path)
    assert source.kind == "xlsx"
    rows = list(source.rows)
    assert all(isinstance(row, RawRow) for row in rows)
    assert [row.number for row in rows if isinstance(row, RawRow)] == [2, 4]
    first = rows[0]
    assert isinstance(first, RawRow)
    assert first.cells == {"Kode": "A", "Berat": 12.5, "Tanggal": date(2026, 5, 31), "Ya": True}


def test_a_named_sheet_is_taken_and_a_missing_one_told(tmp_path: Path) -> None:
    path = _book(tmp_path, [["a"], [1]], "Stock")
    assert open_rows(path, FileLayout(sheet="Stock")).headings == ("a",)
    with pytest.raises(FileProblem, match="sheet_missing"):
        open_rows(path, FileLayout(sheet="Lager"))


def _bomb(path: Path, parts: dict[str, int]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in parts.items():
            archive.writestr(name, b"0" * size)
    return path


def test_zip_bombs_are_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    big = _bomb(tmp_path / "big.xlsx", {"xl/workbook.xml": 10, "xl/worksheets/sheet1.xml": workbook.MOST_UNPACKED})
    assert big.stat().st_size < 100_000
    with pytest.raises(FileProblem, match="file_too_large"):
        open_rows(big)
    many = _bomb(tmp_path / "many.xlsx", {f"xl/part{n}": 1 for n in range(workbook.MOST_PARTS + 1)})
    with pytest.raises(FileProblem, match="file_too_many_parts"):
        open_rows(many)
    with pytest.raises(FileProblem, match="file_kind"):
        open_rows(_bomb(tmp_path / "word.docx", {"word/document.xml": 10}))
    with pytest.raises(FileProblem, match="file_damaged"):
        open_rows(_bomb(tmp_path / "false.xlsx", {"xl/workbook.xml": 10, "[Content_Types].xml": 3}))


def test_json_lines_flatten_and_bad_lines_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        json.dumps({"external_key": "A", "spec": {"moisture_pct": 12.5, "certifications": ["haccp", "4c"]}}),
        "not json",
        "[1]",
        "{" + '"a":{' * 2000,
        "",
        json.dumps({"external_key": "B"}),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    source = open_rows(path)
    rows = list(source.rows)
    assert source.headings == ("external_key", "spec.moisture_pct", "spec.certifications")
    assert [row.code for row in rows if isinstance(row, RowProblem)] == ["json_unreadable"] * 3
    assert [row.number for row in rows if isinstance(row, RawRow)] == [1, 6]


def test_an_endless_line_is_one_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": "' + b"x" * (3 << 20) + b'"}\n{"a": 2}\n')
    rows = list(open_rows(path).rows)
    assert [row.number if isinstance(row, RawRow) else row.code for row in rows] == [1, "json_unreadable", 3]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_problem(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    try:
        rows = list(open_rows(path).rows)
    except FileProblem as problem:
        assert problem.code in MESSAGES  # noqa: PT017 - the property is "one or the other"
    else:
        assert all(isinstance(row, RawRow) or row.code in MESSAGES for row in rows)


def test_nothing_is_kept_of_rows_gone_by(tmp_path: Path) -> None:
    """The reader holds one row at a time: half a file can be read while the other half is not there yet."""
    path = tmp_path / "rows.csv"
    body = io.StringIO()
    body.write("a,b\n")
    for number in range(200_000):
        body.write(f"{number},{'x' * 20}\n")
    path.write_text(body.getvalue())
    source = open_rows(path)
    first = next(source.rows)
    assert isinstance(first, RawRow)
    assert sum(1 for _ in source.rows) == 199_999
