"""Cells as they come: trimmed, freed of control characters, and told from empty ones."""

import unicodedata
from decimal import Decimal

from marketplace.catalogue.importing.reading import Cell
from marketplace.kernel.numerals import ParseError

# What spreadsheets show when a formula went wrong; the value behind it is lost.
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
# Marks that turn the direction of a text can make it read as something else.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])


def cell_text(cell: Cell) -> str:
    """The cell in one line; numbers without a needless ".0". Raises ``ParseError`` for a spreadsheet's error value."""
    if isinstance(cell, str):
        text = cell.strip()
        if not (text.isascii() and text.isprintable()):
            text = " ".join(_visible(text, keep="").split())
        if text[:1] == "#" and text in _ERRORS:
            raise ParseError("cell_error", text=text)
        return text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(Decimal(str(cell)))
    if isinstance(cell, list):
        return "; ".join(str(part) for part in cell)
    return str(cell)


def long_text(cell: Cell) -> str:
    """The cell with its line breaks."""
    if not isinstance(cell, str):
        return cell_text(cell)
    lines = _visible(cell.replace("\r\n", "\n").replace("\r", "\n"), keep="\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _visible(text: str, keep: str) -> str:
    plain = unicodedata.normalize("NFC", text.translate(_TURNING))
    if all(line.isprintable() for line in plain.split(keep or None)):
        return plain
    return "".join(
        char if char in keep or unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Co") else " " for char in plain
    )
