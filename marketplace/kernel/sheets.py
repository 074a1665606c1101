"""Cells for spreadsheets: text stays text, whatever sign it begins with."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 24

# What a spreadsheet may take for the start of a formula, also in full width, and signs that it skips before looking:
# blanks, tabs, line ends, byte order marks, zero-width and direction characters.
_SKIPPED = "\\s\\x00-\\x1f\\x7f\\ufeff\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\u00ad\\u180e"
_LIVE = re.compile(f"[{_SKIPPED}]*[=+\\-@＝＋－＠﹢﹣﹦﹫−|%]")


def inert(text: str) -> str:
    """``text`` so that no spreadsheet runs it: an apostrophe goes before anything that could begin a formula."""
    if text and (_LIVE.match(text) or text[0] in "\t\r\n\x00"):
        return "'" + text
    return text


def workbook(table: Sequence[Sequence[str]]) -> io.BytesIO:
    """A workbook with one sheet, its first row as headings; every cell is text, and none of them runs."""
    import xlsxwriter  # heavy, and only needed here

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        head, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(row) for row in table) - 1, _WIDTH, plain)
        for number, row in enumerate(table):
            for at, cell in enumerate(row):
                sheet.write_string(number, at, inert(cell)[:32_000], plain if number else head)
    out.seek(0)
    return out
