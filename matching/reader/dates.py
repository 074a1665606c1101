"""When the goods must be there: dates, windows and trade people's ways of saying them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from matching.profile import Source
from matching.reader.numbers import NUMBER_WORDS, to_number

_MONTHS = {
    "january": 1, "januari": 1, "januar": 1, "jänner": 1, "jan": 1, "february": 2, "februari": 2, "februar": 2,
    "feb": 2,
    "march": 3, "maret": 3, "märz": 3, "maerz": 3, "mar": 3, "mär": 3, "april": 4, "apr": 4, "may": 5,
    "mei": 5, "mai": 5,
    "june": 6, "juni": 6, "jun": 6, "july": 7, "juli": 7, "jul": 7, "august": 8, "agustus": 8, "aug": 8, "agu": 8,
    "september": 9, "sept": 9, "sep": 9, "october": 10, "oktober": 10, "oct": 10, "okt": 10, "november": 11,
    "nov": 11,
    "december": 12, "desember": 12, "dezember": 12, "dec": 12, "des": 12, "dez": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,3}}|(?:{NUMBER_WORDS})(?=[\s-]|[个個天日周週月]))"
_WINDOW = re.compile(
    rf"(?<![0-9A-Za-z/])(?<!\d[.,]){_COUNT}\s*-?\s*(?P<unit>days?|d(?![\w'])|tagen?|hari|天|日内|日內|日|weeks?|"
    rf"wochen?|minggu|pekan|周内|週內|周|週|星期|"
    r"months?|monaten?|bulan|个月|個月|月内|月內)",
    re.IGNORECASE,
)
_DAYS = {
    "d": 1,
    "t": 1,
    "h": 1,
    "天": 1,
    "日": 1,
    "w": 7,
    "m": 30,
    "p": 7,
    "周": 7,
    "週": 7,
    "星": 7,
    "个": 30,
    "個": 30,
    "月": 30,
    "b": 30,
}
_ISO = re.compile(r"\b(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](20\d\d|\d\d)\b")
_ZH = re.compile(
    r"(?:(20\d\d|明|今)\s*年)?\s*(\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月\s*(?:(\d{1,2})\s*[日号號]?|(底|末|中|初))?"
)
_HAN_MONTHS = {han: index for index, han in enumerate("一二三四五六七八九", start=1)} | {
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of\s)?({_MONTH})\b\.?,?\s*((?:20)?\d\d)?\b", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:{_MONTH}))(?:,?\s+(20\d\d))?", re.IGNORECASE
)
_PART = re.compile(
    rf"\b(?P<part>early|beginning of|start of|mid|middle of|end of|end|late|awal|pertengahan|akhir|anfang|mitte|"
    rf"ende)[\s-]*"
    rf"(?P<month>{_MONTH})\b\.?\s*(?P<year>20\d\d)?",
    re.IGNORECASE,
)
# A month with its year needs no "by": "delivery May 2027".
_MONTH_OF_YEAR = re.compile(rf"(?<!\d[ .-])(?<!\d)\b(?P<month>{_MONTH})\b\.?,?\s+'?(?P<year>20\d\d)\b", re.IGNORECASE)
_WEEK = re.compile(
    r"\b(?:KW|calendar week|cal\.? week|week|minggu ke-?|woche)\s*(?P<week>\d{1,2})\b(?:\s*/?\s*(?P<year>20\d\d))?|"
    r"第\s*(?P<zh>\d{1,2})\s*[周週]",
    re.IGNORECASE,
)
_YEAR_END = re.compile(r"\b(?:end of (?:the )?year|year[- ]end|akhir tahun|jahresende)\b|年底|年末", re.IGNORECASE)
_THIS_MONTH_END = re.compile(
    r"\b(?:end of (?:this|the) month|month[- ]end|akhir bulan(?: ini)?|monatsende)\b|(?<!\d)月底|本月底|本月内",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(
    rf"(?:by|before|in|until|bis|im|vor|sebelum|bulan|until)\s+(?P<month>{_MONTH})\b\.?\s*(?P<year>20\d\d)?",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"\b(?:Q([1-4])|([1-4])\.?\s*(?:quarter|Quartal))\s*'?(20\d\d)?\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:next month|bulan depan|nächsten monat)\b|下个月|下個月", re.IGNORECASE)
_FEAST = re.compile(
    r"(?:before|vor|sebelum|menjelang|ahead of|in time for|for|für|untuk|utk|zum|赶在|在|趕在)?\s*"
    r"(?P<feast>ramadan|ramadhan|puasa|lebaran|eid|"
    r"christmas|xmas|weihnachten|natal|chinese new year|imlek|cny|农历新年|農曆新年|新春|春节|春節|"
    r"斋月|齋月|开斋节|開齋節|圣诞节|聖誕節)"
    r"(?P<after>\s*(?:之?前|到货|到|用))?",
    re.IGNORECASE,
)
# First days of Ramadan, Eid al-Fitr and Chinese New Year by year: astronomical, a day either way.
_RAMADAN = {2026: (2, 18), 2027: (2, 8), 2028: (1, 28), 2029: (1, 16), 2030: (1, 6)}
_EID = {2026: (3, 20), 2027: (3, 10), 2028: (2, 27), 2029: (2, 15), 2030: (2, 5)}
_NEW_YEAR = {2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}
_BEFORE_FEAST = re.compile(
    r"before|vor\b|sebelum|menjelang|ahead of|in time for|for\b|für\b|untuk|utk|zum\b|赶在|趕在|前|到|用", re.IGNORECASE
)
_LUNAR_NEW_YEAR = frozenset({"chinese new year", "imlek", "cny", "春节", "春節", "农历新年", "農曆新年", "新春"})
_PART_DAY = {"early": 10, "beg": 10, "start": 10, "awal": 10, "anf": 10, "mid": 15, "pert": 15, "mitt": 15}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last acceptable day and the words that say so."""

    day: date
    source: Source


def _date(year: int | None, month: int, day: int, posted: date) -> date | None:
    """That day, in the next year it comes round when the year is not said; None for a day that does not exist."""
    try:
        if year is not None:
            return date(year + 2000 if year < 100 else year, month, day)
        this_year = date(posted.year, month, day)
        return this_year if this_year >= posted else date(posted.year + 1, month, day)
    except ValueError:
        return None


def _month_end(year: int | None, month: int, posted: date) -> date | None:
    first = _date(year, month, 1, posted)
    if first is None:
        return None
    if year is None and month == posted.month:
        first = posted.replace(day=1)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _window(text: str, posted: date) -> list[tuple[date | None, tuple[int, int]]]:
    found: list[tuple[date | None, tuple[int, int]]] = []
    for hit in _WINDOW.finditer(text):
        count = to_number(hit["count"])
        if count and re.match(
            r"\s*(?:contract|vertrag|kontrak|shelf|合同|保质|old|guarantee|net|credit)",
            text[hit.end() :],
            re.IGNORECASE,
        ):
            continue
        if count and 0 < count <= 400:
            days = count * _DAYS[hit["unit"][0].lower()]
            found.append((posted + timedelta(days=round(days)), hit.span()))
    return found


def _calendar(text: str, posted: date) -> list[tuple[date | None, tuple[int, int]]]:
    found: list[tuple[date | None, tuple[int, int]]] = []
    for hit in _ISO.finditer(text):
        found.append((_date(int(hit[1]), int(hit[2]), int(hit[3]), posted), hit.span()))
    for hit in _NUMERIC.finditer(text):
        found.append((_date(int(hit[3]), int(hit[2]), int(hit[1]), posted), hit.span()))
    for hit in _DAY_MONTH.finditer(text):
        found.append((_date(_year(hit[3]), _MONTHS[hit[2].lower()], int(hit[1]), posted), hit.span()))
    for hit in _MONTH_DAY.finditer(text):
        found.append((_date(_year(hit[3]), _MONTHS[hit[1].lower()], int(hit[2]), posted), hit.span()))
    for hit in _PART.finditer(text):
        month, part = _MONTHS[hit["month"].lower()], hit["part"].lower()
        day = next((value for key, value in _PART_DAY.items() if part.startswith(key)), None)
        year = _year(hit["year"])
        found.append((_date(year, month, day, posted) if day else _month_end(year, month, posted), hit.span()))
    for hit in _ZH.finditer(text):
        month = _HAN_MONTHS.get(hit[2]) or int(hit[2])
        year = {"明": posted.year + 1, "今": posted.year}.get(hit[1] or "") or _year(hit[1])
        if hit[3]:
            found.append((_date(year, month, int(hit[3]), posted), hit.span()))
        elif hit[4] or hit[1]:
            part_day = {"中": 15, "初": 10}.get(hit[4] or "")
            if 1 <= month <= 12:
                day_found = _date(year, month, part_day, posted) if part_day else _month_end(year, month, posted)
                found.append((day_found, hit.span()))
    for hit in _QUARTER.finditer(text):
        found.append((_month_end(_year(hit[3]), 3 * int(hit[1] or hit[2]), posted), hit.span()))
    found += [
        (_month_end(int(hit["year"]), _MONTHS[hit["month"].lower()], posted), hit.span())
        for hit in _MONTH_OF_YEAR.finditer(text)
    ]
    found += [
        (_week_end(int(hit["week"] or hit["zh"]), _year(hit["year"]), posted), hit.span())
        for hit in _WEEK.finditer(text)
    ]
    found += [(date(posted.year, 12, 31), hit.span()) for hit in _YEAR_END.finditer(text)]
    found += [(_month_end(posted.year, posted.month, posted), hit.span()) for hit in _THIS_MONTH_END.finditer(text)]
    return found


def _week_end(week: int, year: int | None, posted: date) -> date | None:
    """The Sunday of a calendar week, of the next year in which it is still to come when the year is not said."""
    try:
        day = date.fromisocalendar(year or posted.year, week, 7)
        return day if year or day >= posted else date.fromisocalendar(posted.year + 1, week, 7)
    except ValueError:
        return None


def day_in(text: str) -> date | None:
    """The first day written in figures (2027-03-31, 31.03.2027), None if there is none."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_NUMERIC, (3, 2, 1))):
        if hit := pattern.search(text):
            year, month, day = (int(hit[each]) for each in order)
            return _date(year, month, day, date.min)
    return None


def _feast(text: str, posted: date) -> list[tuple[date | None, tuple[int, int]]]:
    found: list[tuple[date | None, tuple[int, int]]] = []
    for hit in _FEAST.finditer(text):
        if not _BEFORE_FEAST.search(hit.group()):
            continue
        name = hit["feast"].lower()
        if name in ("christmas", "xmas", "weihnachten", "natal", "圣诞节", "聖誕節"):
            day = _date(None, 12, 24, posted)
        else:
            is_new_year = name in _LUNAR_NEW_YEAR
            table = _NEW_YEAR if is_new_year else _EID if name in ("lebaran", "eid", "开斋节", "開齋節") else _RAMADAN
            days = [date(year, *pair) for year, pair in table.items()]
            day = next((each for each in days if each > posted), None)
        found.append((day, hit.span()))
    return found


def read_deadline(text: str, posted: date) -> Deadline | None:
    """The last acceptable day, None when the text names none; a named day weighs more than a window, a window more
    than a feast."""
    groups = [_calendar(text, posted), _window(text, posted)]
    groups.append(
        [
            (_month_end(_year(hit["year"]), _MONTHS[hit["month"].lower()], posted), hit.span())
            for hit in _MONTH_YEAR.finditer(text)
        ]
    )
    next_month = posted.replace(day=monthrange(posted.year, posted.month)[1]) + timedelta(days=1)
    groups.append(
        [(_month_end(next_month.year, next_month.month, posted), hit.span()) for hit in _NAMED.finditer(text)]
    )
    groups.append(_feast(text, posted))
    for group in groups:
        usable = [
            (day, span) for day, span in group if day is not None and posted <= day <= posted + timedelta(days=1100)
        ]
        if usable:
            day, (start, end) = usable[0]
            return Deadline(day, Source(start, end, text[start:end]))
    return None
