"""A list of products as CSV and XLSX, with cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.i18n.addresses import localised
from marketplace.kernel.sheets import XLSX, inert, workbook
from marketplace.saved.queries import Kept
from marketplace.saved.showing import shown

__all__ = ["XLSX", "Table", "as_csv", "as_xlsx", "table_of"]
Table = list[list[str]]


def table_of(kept: Sequence[Kept], locale: str, public_url: str) -> Table:
    """Headings and rows of text, in the order of the list."""
    table: Table = [
        [
            _("Product"), _("Seller"), _("Origin"), _("Price"), _("Minimum order"), _("Capacity per month"),
            _("Lead time in days"), _("Valid certificates"), _("Note"), _("Page"),
        ]
    ]  # fmt: skip
    for each in kept:
        row = shown(each, locale)
        table.append(
            [
                row.title, row.seller, row.place, row.price, row.moq, row.capacity, row.lead_time, row.certificates,
                each.note, localised(public_url, locale, row.path) if row.path else "",
            ]
        )  # fmt: skip
    return table


def as_csv(table: Table) -> bytes:
    """UTF-8 with its mark, which spreadsheets need to see."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([inert(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> io.BytesIO:
    """The same as a workbook; every cell is text."""
    return workbook(table)
