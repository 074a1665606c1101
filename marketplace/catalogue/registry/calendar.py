"""Dates, months and crop years as people write them in the five languages."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale

from marketplace.catalogue.registry.types import LOCALES
from marketplace.kernel.numerals import ParseError, clean

_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_DAY_NAME = re.compile(rf"(\d{{1,2}}){_ORDINAL}\s*([^\W\d]+)\.?,?\s*(\d{{4}})")
_NAME_DAY = re.compile(rf"([^\W\d]+)\.?\s*(\d{{1,2}}){_ORDINAL},?\s+(\d{{4}})")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_CROP = re.compile(r"(\d{4})(?:\s*[/-]\s*(\d{4}|\d{2}))?")
_BETWEEN = re.compile(
    r"\s*(?:-|–|~|至|到|(?<=\s)(?:to|until|through|bis|sampai|hingga|s/d|s\.d\.|sd)(?=\s))\s*", re.IGNORECASE
)
_WHOLE_YEAR = frozenset(
    {"year round", "all year", "whole year", "sepanjang tahun", "ganzjährig", "das ganze jahr", "全年", "jan-dec"}
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class MonthRange:
    """From one month to another, both included; 11 to 2 runs over the turn of the year."""

    first: int
    last: int

    @property
    def months(self) -> tuple[int, ...]:
        """Every month of the range, in order."""
        length = (self.last - self.first) % 12 + 1
        return tuple((self.first + step - 1) % 12 + 1 for step in range(length))


def parse_date(text: str, formats: tuple[str, ...] = ()) -> date:
    """The day in ``text``.

    ``formats`` (strptime patterns) are tried first and settle what day and month are. Without them "03/04/2026" may
    mean two days and is refused; dots always stand between day, month and year.
    Raises ``ParseError``: ``date_missing``, ``date_unreadable``, ``date_ambiguous`` or ``date_impossible``.
    """
    return _parse_date(clean(text), formats)


@lru_cache(maxsize=4096)
def _parse_date(text: str, formats: tuple[str, ...]) -> date:
    if not text:
        raise ParseError("date_missing")
    for pattern in formats:
        try:
            # "%d" reads no ordinals, which English month-day-year dates carry.
            return datetime.strptime(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text), pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    if match := _ISO.fullmatch(text) or _CHINESE.fullmatch(text):
        return _day(text, match[1], match[2], match[3])
    if match := _NUMERIC.fullmatch(text):
        first, mark, second, year = match.groups()
        if mark != "." and int(second) > 12:
            return _day(text, year, first, second)
        if mark != "." and int(first) <= 12 and first.lstrip("0") != second.lstrip("0"):
            raise ParseError("date_ambiguous", text=text)
        return _day(text, year, second, first)
    if match := _DAY_NAME.fullmatch(text):
        return _day(text, match[3], str(_month(match[2], text)), match[1])
    if match := _NAME_DAY.fullmatch(text):
        return _day(text, match[3], str(_month(match[1], text)), match[2])
    raise ParseError("date_unreadable", text=text)


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ParseError("date_impossible", text=text) from None


def _month(word: str, text: str) -> int:
    try:
        return _months()[word.casefold().rstrip(".")]
    except KeyError:
        raise ParseError("date_unreadable", text=text) from None


@cache
def _months() -> dict[str, int]:
    found = {"sept": 9}
    for locale in LOCALES:
        months = Locale.parse(locale).months
        for context in ("stand-alone", "format"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    found.setdefault(str(name).casefold().rstrip("."), int(number))
    return found


@lru_cache(maxsize=1024)
def parse_month_range(text: str) -> MonthRange:
    """The months of a harvest: "May-August", "Mei s/d Agustus", "11-2", "五月至八月", one month, or the whole year.

    Raises ``ParseError`` with the code ``months_missing`` or ``months_unreadable``.
    """
    plain = clean(text)
    if not plain:
        raise ParseError("months_missing")
    if plain.casefold() in _WHOLE_YEAR:
        return MonthRange(1, 12)
    ends = _BETWEEN.split(re.sub(r"^(?:von|from|dari)\s+", "", plain, flags=re.IGNORECASE))
    if len(ends) > 2:
        raise ParseError("months_unreadable", text=plain)
    numbers = [_month_number(end, plain) for end in ends]
    return MonthRange(numbers[0], numbers[-1])


def _month_number(word: str, text: str) -> int:
    plain = word.strip().rstrip("月") if re.fullmatch(r"\d{1,2}月?", word.strip()) else word.strip()
    if plain.isdigit() and 1 <= int(plain) <= 12:
        return int(plain)
    number = _months().get(plain.casefold().rstrip("."))
    if number is None:
        raise ParseError("months_unreadable", text=text)
    return number


@lru_cache(maxsize=1024)
def parse_crop_year(text: str) -> str:
    """A harvest's year as "2025", or "2025/2026" for a season over the turn of the year.

    Raises ``ParseError`` with the code ``crop_year_missing``, ``crop_year_unreadable`` or ``crop_year_impossible``;
    two-digit years alone ("08/09") are not guessed at.
    """
    plain = clean(text)
    if not plain:
        raise ParseError("crop_year_missing")
    match = _CROP.fullmatch(plain)
    if not match:
        raise ParseError("crop_year_unreadable", text=plain)
    first = int(match[1])
    second = int(match[2]) if match[2] else None
    if second is not None and second < 100:
        second += first // 100 * 100 if second > first % 100 else (first // 100 + 1) * 100
    if not _FIRST_YEAR <= first <= _LAST_YEAR or (second is not None and second != first + 1):
        raise ParseError("crop_year_impossible", text=plain)
    return f"{first}/{second}" if second else str(first)
