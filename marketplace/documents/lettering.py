"""Which letters the embedded fonts can show; what they cannot is printed as an open square, never left out."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

_COVERAGE = Path(__file__).parent / "fonts" / "coverage.txt"  # ranges of code points, written with the fonts
MISSING = "□"


def writable(text: str) -> str:
    """``text`` composed (NFC), without control and direction characters, unknown letters as squares."""
    plain = unicodedata.normalize("NFC", text)
    if plain.isascii() and plain.isprintable():
        return plain
    known = _known()
    return "".join(
        letter if ord(letter) in known else " " if letter.isspace() else MISSING
        for letter in plain
        if letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"}
    )


@cache
def _known() -> frozenset[int]:
    points: set[int] = set()
    for line in _COVERAGE.read_text(encoding="ascii").split():
        first, _dash, last = line.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)
