"""Rows of tables in which an amount and its unit stand in two cells: "MT | 18", "2500;kg"."""

from matching.reader.cues import Cued
from matching.reader.numbers import NUMBER
from matching.reader.units import UNIT

_EDGE = r"(?:(?<=[\t;|\n])|^)"
_PARTED = r"[ ]{0,3}[\t;|][ ]{0,3}"
_END = r"(?=[ ]{0,3}(?:[\t;|\n]|$))"
_NUMBER_FIRST = Cued(rf"{_EDGE}[ ]{{0,3}}(?:{NUMBER})(?P<parted>{_PARTED})(?:{UNIT}){_END}", ";|")
_UNIT_FIRST = Cued(rf"{_EDGE}(?P<both>[ ]{{0,3}}(?P<unit>{UNIT}){_PARTED}(?P<number>{NUMBER})){_END}", ";|\t")


def amounts_together(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with such cells written as one amount ("18 MT"), as long as it was; and where it was changed."""
    spans: list[tuple[int, int]] = []
    for hit in list(_NUMBER_FIRST.finditer(text)):
        start, end = hit.span("parted")
        text = text[:start] + " " * (end - start) + text[end:]
    for hit in list(_UNIT_FIRST.finditer(text)):
        start, end = hit.span("both")
        spans.append((start, end))
        text = text[:start] + f"{hit['number']} {hit['unit']}".rjust(end - start) + text[end:]
    return text, spans
