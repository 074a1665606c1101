"""Days in a text: those that can mean one day only, and those that can mean two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from marketplace.i18n.formats import month_name
from marketplace.rfqs.figures.values import DayOfYear, Doubt, Figure

_MORE = {"sept": 9, "agt": 8, "ags": 8, "mrz": 3, "okt": 10, "jänner": 1, "nop": 11, "nopember": 11}


def _names(*, is_short: bool) -> dict[str, int]:
    return {
        month_name(month, locale, is_short=is_short).casefold().rstrip("."): month
        for locale in ("en", "id", "de")
        for month in range(1, 13)
    }


_FULL = _names(is_short=False)
_MONTHS = {**_MORE, **_names(is_short=True), **_FULL}


def _either(names: dict[str, int]) -> str:
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


_YEAR_FIRST = re.compile(r"(?<![\w./-])(20\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\w/-]|\.\d)", re.ASCII)
_NUMERIC = re.compile(r"(?<![0-9A-Za-z./-])(\d{1,2})([-/.])(\d{1,2})\2(20\d\d|\d\d)(?![0-9A-Za-z/-]|\.\d)", re.ASCII)
_DAY_FIRST = re.compile(
    rf"(?<![\w.,/-])(\d{{1,2}})(?:st|nd|rd|th|\.)?[ \u00a0]+(?:of )?({_either(_MONTHS)})\b\.?,?[ \u00a0]+(20\d\d)\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)({_either(_MONTHS)})\.?[ \u00a0]+(\d{{1,2}})(?:st|nd|rd|th)?,?[ \u00a0]+(20\d\d)\b", re.IGNORECASE
)
_NO_YEAR = re.compile(
    rf"(?<![\w.,/-])(\d{{1,2}})(?:st|nd|rd|th|\.)?[ \u00a0]+(?:of )?({_either(_FULL)})\b(?![ \u00a0]+\d)", re.IGNORECASE
)
_CHINESE = re.compile(r"(?<!\d)(?:(20\d\d) ?年 ?)?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]")
_VERBS = frozenset({"may", "march"})  # months only where they are written as names


def days_in(text: str, language: str) -> Iterator[Figure]:
    """Days of a text in no special order; they may overlap, and the first of those counts."""
    for hit in _YEAR_FIRST.finditer(text):
        yield from _full(hit, int(hit[1]), int(hit[3]), int(hit[4]))
    for hit in _DAY_FIRST.finditer(text):
        yield from _full(hit, int(hit[3]), _MONTHS[hit[2].casefold()], int(hit[1]))
    for hit in _MONTH_FIRST.finditer(text):
        yield from _full(hit, int(hit[3]), _MONTHS[hit[1].casefold()], int(hit[2]))
    for hit in _CHINESE.finditer(text):
        if hit[1]:
            yield from _full(hit, int(hit[1]), int(hit[2]), int(hit[3]))
        else:
            yield from _part(hit, int(hit[2]), int(hit[3]))
    for hit in _NUMERIC.finditer(text):
        yield from _numeric(hit, language)
    for hit in _NO_YEAR.finditer(text):
        if hit[2] not in _VERBS:
            yield from _part(hit, _FULL[hit[2].casefold()], int(hit[1]))


def _numeric(hit: re.Match[str], language: str) -> Iterator[Figure]:
    first, mark, second, year = int(hit[1]), hit[2], int(hit[3]), hit[4]
    if len(year) == 2:
        if (1 <= first <= 31 and 1 <= second <= 12) or (1 <= first <= 12 and 1 <= second <= 31):
            yield Figure(*hit.span(), None, Doubt.DAY)
    elif first > 12 or first == second:
        yield from _full(hit, int(year), second, first)
    elif second > 12:
        yield from _full(hit, int(year), first, second)
    elif mark == "." and language in ("de", "id"):
        # points between the parts are the manner of these languages, and the day stands first in them
        yield from _full(hit, int(year), second, first)
    elif first and second:
        yield Figure(*hit.span(), None, Doubt.DAY)


def _full(hit: re.Match[str], year: int, month: int, day: int) -> Iterator[Figure]:
    try:
        yield Figure(*hit.span(), date(year, month, day))
    except ValueError:
        return  # there is no such day


def _part(hit: re.Match[str], month: int, day: int) -> Iterator[Figure]:
    try:
        date(2028, month, day)
    except ValueError:
        return
    yield Figure(*hit.span(), DayOfYear(month, day))
