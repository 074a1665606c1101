"""A quote as the other side reads it while the conversation hides contact details: its free words without them."""

from __future__ import annotations

from dataclasses import replace

from marketplace.quotes.queries.sheets import Sheet, SheetLine
from marketplace.rfqs.queries.contacts import Guard, as_written


def guarded(sheet: Sheet, guard: Guard) -> Sheet:
    """``sheet`` with every free text as ``guard`` lets it through; its figures and its fingerprint stay."""
    if guard is as_written:
        return sheet
    return replace(
        sheet,
        lines=tuple(_line(line, guard) for line in sheet.lines),
        note=guard(sheet.note),
        packing=guard(sheet.packing),
        payment_note=guard(sheet.payment_note),
        sample_note=guard(sheet.sample_note),
        place=guard(sheet.place),
        port=guard(sheet.port),
    )


def _line(line: SheetLine, guard: Guard) -> SheetLine:
    return replace(line, description=guard(line.description), reason=guard(line.reason))
