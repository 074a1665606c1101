"""Numbers in a text of one language: their values, or that they can be read in two ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from marketplace.kernel.numerals import ParseError, clean, parse_decimal

# An atom: what does not fit as a whole is not read in part ("45 ribu" is never 4). Groups are parted as in 1,250 1.250
# 1'250; a blank between digits is left to the doubt below.
NUMBER = r"(?>\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,6})?(?![\d])|\d+(?:[.,]\d{1,6})?)(?![.,'’]?\d)"
BEFORE = r"(?<![0-9A-Za-zÀ-ɏ.,/'’+\-–—])(?<!\d[ \u00a0])"
_ANY = re.compile(rf"{BEFORE}{NUMBER}")
_GROUP_SIGNS = {"id": ".", "de": ".", "en": ",", "zh_Hans": ",", "zh_Hant": ","}


class Unclear(ValueError):
    """The number can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How the writer of a text parts numbers: by their language, and by what else stands in the text."""

    group: str
    decimals: frozenset[str]

    def value(self, written: str, *, is_whole: bool = False) -> Decimal:
        """The number's value; `Unclear` where it has two. ``is_whole``: three digits can only be thousands."""
        try:
            return parse_decimal(clean(written), grouped=is_whole)
        except ParseError as fault:
            if fault.code != "number_ambiguous":
                raise
        mark = "." if "." in written else ","
        other = "," if mark == "." else "."
        if mark in self.decimals or (mark != self.group and other not in self.decimals):
            raise Unclear(written)
        return parse_decimal(clean(written), "." if mark == "," else ",")


def habit_of(text: str, language: str, taken: list[tuple[int, int]]) -> Habit:
    """What the text itself shows: a sign before one or two digits parts decimals. ``taken`` spans are days."""
    decimals = set()
    for hit in _ANY.finditer(text):
        if any(start < hit.end() and hit.start() < end for start, end in taken):
            continue
        written = hit.group()
        sign = max(written.rfind("."), written.rfind(","))
        if sign >= 0 and (len(written) - sign - 1 != 3 or _has_both(written)):
            decimals.add(written[sign])
    return Habit(_GROUP_SIGNS.get(language, ","), frozenset(decimals))


def _has_both(written: str) -> bool:
    return "." in written and "," in written
