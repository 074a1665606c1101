"""Folding: the form in which two spellings of the same thing compare equal."""

import unicodedata
from functools import lru_cache

from search.chinese import simplify

# Letters that NFD does not take apart though writers drop their marks.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ʻ": "'", "’": "'", "‘": "'"})


@lru_cache(maxsize=16384)
def _fold_character(character: str) -> str:
    """One character folded; empty for a mark that only decorates its neighbour."""
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    kept = "".join(each for each in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", simplify(kept.translate(_LETTERS)))


class _Folded(dict[int, str]):
    """Characters by code point with their folded form, filled as they come."""

    def __missing__(self, point: int) -> str:
        made = self[point] = _fold_character(chr(point))
        return made


_folded = _Folded()


def fold(text: str) -> str:
    """Compatibility form, without case, marks or traditional characters."""
    return text.lower() if text.isascii() else text.translate(_folded)


def fold_with_positions(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the original one (one entry more for the end)."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    pieces: list[str] = []
    positions: list[int] = []
    for index, character in enumerate(text):
        folded = _fold_character(character)
        pieces.append(folded)
        positions.extend([index] * len(folded))
    positions.append(len(text))
    return "".join(pieces), positions
