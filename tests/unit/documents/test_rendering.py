"""A sheet becomes the same PDF each time, and nothing in the data is read as markup."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marketplace.documents.rendering import rendered
from marketplace.documents.sheet import Block, Cell, Column, Fact, Sheet, Total

SHEET = Sheet(
    title=("Quotation", "Angebot"),
    number="Q-1",
    language="en",
    made_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
    head=(Fact(("Date",), ("22 November 2026",)),),
    parties=(Block(("Seller",), ("Pesantren Contoh",)), Block(("Buyer",), ("Muster GmbH", "Große Straße 1"))),
    columns=(Column(("Goods", "Ware"), "left", "4fr"), Column(("Amount",), "right")),
    rows=((Cell("Kaffee", ("有機椰糖 · 咖啡生豆",)), Cell("US$ 1.00")),),
    totals=(Total(("Total",), "US$ 1.00", True),),
    facts=(),
    sections=(),
    bank=None,
    signatures=(),
    foot=("Made from data.",),
)
HOSTILE = [
    '#panic("no")', "$x$ *b* _i_ `c`", "\\u{41} // /* */ <label> @ref", '"quotes" and \\', "#include", "]", "\x00\x07",
    "\u202ertl \u202c", "a" * 3000, "شحن العينة", "😀", "\ud800", "e\u0301",
]  # fmt: skip


def test_the_same_sheet_gives_the_same_bytes() -> None:
    first = rendered(SHEET)
    assert first.startswith(b"%PDF-")
    assert rendered(replace(SHEET)) == first
    assert rendered(replace(SHEET, number="Q-2")) != first
    assert SHEET.fingerprint() == replace(SHEET).fingerprint() != replace(SHEET, number="Q-2").fingerprint()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_data_is_markup(text: str) -> None:
    sheet = replace(SHEET, rows=((Cell(text, (text,)), Cell(text)),), parties=(Block((text,), (text, text)),))
    assert rendered(sheet).startswith(b"%PDF-")


def test_five_hundred_lines_go_over_pages() -> None:
    assert rendered(replace(SHEET, rows=SHEET.rows * 500)).startswith(b"%PDF-")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler reads the text back")
def test_german_and_chinese_can_be_read_out_of_it(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(rendered(SHEET))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    for words in ("Große Straße 1", "有機椰糖 · 咖啡生豆", "Angebot", SHEET.fingerprint()):
        assert words in text
    fonts = subprocess.run(["pdffonts", path], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"
