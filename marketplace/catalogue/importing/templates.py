"""Texts put together from columns: ``Green coffee[, {Region|title}], {Country}``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from marketplace.catalogue.importing.cells import cell_text
from marketplace.catalogue.importing.reading import Cells
from marketplace.kernel.datafiles import DataFault

_PART = re.compile(r"\{([^{}|]+)(?:\|(\w+))?\}|\[|\]")
_FILTERS: Mapping[str, Callable[[str], str]] = {
    # str.title() would make "d'Ivoire" into "D'Ivoire" and "S.A." out of nothing.
    "title": lambda text: re.sub(r"(?<![\w'’])[^\W\d]", lambda match: match[0].upper(), text.lower()),
    "upper": str.upper,
    "lower": str.lower,
}


_Piece = tuple[str, str, Callable[[str], str] | None]
"""A fixed text, or a column's name and the filter of its value."""


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A text with columns in braces. What stands in brackets goes when one of the columns in it is empty."""

    text: str
    columns: tuple[str, ...] = field(init=False)
    _parts: tuple[tuple[bool, tuple[_Piece, ...]], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = _parts(self.text)
        names = (name for _, pieces in parts for _, name, _ in pieces if name)
        object.__setattr__(self, "columns", tuple(dict.fromkeys(names)))
        object.__setattr__(self, "_parts", parts)

    def fill(self, cells: Cells, empty: frozenset[str] = frozenset()) -> str:
        """The text with the columns' cells; empty when a column outside brackets is empty, or one of ``empty``."""
        filled: list[str] = []
        for is_optional, pieces in self._parts:
            before = len(filled)
            for fixed, name, change in pieces:
                if not name:
                    filled.append(fixed)
                    continue
                cell = cells.get(name)
                text = "" if cell is None or cell == "" else cell_text(cell)
                if not text or (empty and text.casefold() in empty):
                    if not is_optional:
                        return ""
                    del filled[before:]
                    break
                filled.append(change(text) if change else text)
        return " ".join("".join(filled).split())


def _parts(text: str) -> tuple[tuple[bool, tuple[_Piece, ...]], ...]:
    """The template taken apart, in brackets or not; raises ``DataFault``."""
    parts: list[tuple[bool, tuple[_Piece, ...]]] = []
    pieces: list[_Piece] = []
    is_optional, at = False, 0
    for match in _PART.finditer(text):
        pieces.append((text[at : match.start()], "", None))
        at = match.end()
        if match[1]:
            if match[2] and match[2] not in _FILTERS:
                raise DataFault(f"template: no filter {match[2]!r}; there are {', '.join(_FILTERS)}")
            pieces.append(("", match[1].strip(), _FILTERS[match[2]] if match[2] else None))
            continue
        if is_optional == (match[0] == "["):
            raise DataFault("template: brackets do not nest and come in pairs")
        parts.append((is_optional, tuple(pieces)))
        pieces, is_optional = [], match[0] == "["
    if is_optional:
        raise DataFault("template: a bracket is not closed")
    pieces.append((text[at:], "", None))
    return (*parts, (False, tuple(pieces)))
