"""Rows of products as CSV and XLSX, with cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from marketplace.catalogue.importing.columns import standard_columns
from marketplace.kernel.sheets import inert

Row = Mapping[str, str]


def columns_used(rows: Iterable[Row]) -> list[str]:
    """The standard columns that at least one row fills, in the template's order."""
    filled = {name for row in rows for name, text in row.items() if text}
    return [name for name in standard_columns() if name in filled or name in {"external_key", "commodity", "title_en"}]


def as_csv(rows: Sequence[Row]) -> bytes:
    """The rows with bilingual headings; UTF-8 with its mark, which spreadsheets need to see."""
    columns = columns_used(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([standard_columns()[name].heading for name in columns])
    for row in rows:
        writer.writerow([inert(row.get(name, "")) for name in columns])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Row]) -> io.BytesIO:
    """The same as a workbook; every cell is text."""
    import xlsxwriter  # heavy, and only needed here

    out = io.BytesIO()
    columns = columns_used(rows)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Produk - Products")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 2)
        for at, name in enumerate(columns):
            sheet.set_column(at, at, 24, plain)
            sheet.write_string(0, at, standard_columns()[name].heading, head)
        for number, row in enumerate(rows, 1):
            for at, name in enumerate(columns):
                if row.get(name):
                    sheet.write_string(number, at, inert(row[name])[:32000], plain)
    out.seek(0)
    return out
