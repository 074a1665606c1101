"""When the goods must be there: dates, windows and trade people's ways of saying them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from matching.profile import Source
from matching.reader.cues import Cued
from matching.reader.feasts import feasts_in
from matching.reader.leaving import is_of_leaving
from matching.reader.numbers import NUMBER_WORDS, to_number
from matching.reader.relative import MOVED, relative_days
from matching.reader.worded import figure_of

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
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH_CUES = tuple(each for each in _MONTHS if not any(other in each for other in _MONTHS if other != each))
_COUNT = (
    rf"(?P<count>\d{{1,2}}[.,]5|\d{{1,3}}|[一二两兩三]?百(?=[天日])|(?:{NUMBER_WORDS})(?=[\s-]|[个個天日周週月星])|"
    r"(?<=dalam )se(?=minggu|pekan|bulan))(?P<half>\s(?:and a half|setengah)|[个個]半(?=月))?"
)
_WINDOW_CUES = (
    *(
        "day",
        "tage",
        "hari",
        "天",
        "日",
        "week",
        "woche",
        "minggu",
        "pekan",
        "周",
        "週",
        "星期",
        "month",
        "monate",
        "bulan",
        *("fortnight", "hr", "mgg", "bln", "wk", "mth"),
    ),
    *("月", *(f"{digit}{gap}d" for digit in range(10) for gap in ("", " ", "-"))),
)
_WINDOW = Cued(
    rf"(?<![0-9A-Za-z/])(?<!\d[.,]){_COUNT}\s*+-?\s*+(?P<unit>days?|(?:(?<=\d)|(?<=\d[ -]))d(?![\w'])|"
    r"tagen?|hari|(?<!24)(?<!48)(?<!72)(?<!24 )(?<!48 )(?<!72 )hr(?!\w)|天|日内|日內|日|weeks?|wks?(?!\w)|wochen?|"
    r"minggu|mgg(?!\w)|pekan|周内|週內|周|週|星期|"
    r"fortnights?|months?|mths?(?!\w)|monaten?|bulan|bln(?!\w)|个月|個月|月内|月內|(?<=半)月)(?!ly|lich|an\b)",
    _WINDOW_CUES,
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
    "f": 14,
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
_ZH = Cued(
    r"(?:(20\d\d|明|今)\s*+年\s*+)?(\d{1,2}|十[一二]?|[一二三四五六七八九元])\s*+月\s*+(?:(\d{1,2})\s*[日号號]?|(底|末|下旬|中|初|上旬))?",
    ("月",),
)
_HAN_MONTHS = {han: index for index, han in enumerate("一二三四五六七八九", start=1)} | {
    "元": 1,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_DAY_MONTH = Cued(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of\s)?({MONTH})\b\.?,?\s*((?:20)?\d\d)?\b",
    _MONTH_CUES,
)
_MONTH_DAY = Cued(
    rf"\b({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:{MONTH}))(?:,?\s+(20\d\d))?",
    _MONTH_CUES,
)
_PART = Cued(
    rf"\b(?P<part>early|beginning of|start of|mid|middle of|end of|end|late|awal|pertengahan|tengah|akhir|anfang|mitte|"
    rf"ende)[\s-]*(?:of (?:the month of )?|bulan )?"
    rf"(?P<month>{MONTH})\b\.?\s*(?P<year>20\d\d)?",
    _MONTH_CUES,
)
# "bis 20.02.", "spätestens 5.4.", "by 15/2": a day without its year needs a word that says it is one
_DAY_ALONE = Cued(
    r"\b(?:bis|spätestens|vor|am|zum|by|before|until|latest|than|sebelum|paling lambat|tgl|tanggal)"
    r"(?: (?:zum|dem|den|am|the|tgl|tanggal)){0,2}\s{1,2}"
    r"(?:(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2}\.(?!\d)|0[1-9](?![\d.,]))|"
    r"(?P<slashed>\d{1,2})/(?P<over>\d{1,2})(?![\d/.,]))(?!\s?(?:[€$£%]|kg|t\b|eur|usd|mm|cm|inch))",
    (*("bis", "spätest", "vor", "am", "zum", "by", "before", "until", "latest", "than", "sebelum"), "lambat", "tgl",
     "tanggal"),
)  # fmt: skip
# "ein Vierteljahr Zeit", not "je Vierteljahr"
_QUARTER_OF_A_YEAR = Cued(
    r"(?<!pro )(?<!je )\b(?:(?:in |binnen |innerhalb )?eine[ms]? |ein )vierteljahre?s?\b", ("vierteljahr",)
)
_HALF_OF_MONTH = Cued(
    rf"\b(?:(?P<half>first|1st|second|2nd|latter|erste|zweite)[nr]? (?:half of|hälfte) (?:des )?(?P<of>{MONTH})\b|"
    rf"(?P<nth>erste|1\.|zweite|2\.)[nr]? (?P<month>{MONTH})hälfte\b|"
    rf"paruh (?P<ke>pertama|kedua) (?:bulan )?(?P<paruh>{MONTH})\b)",
    ("half of", "hälfte", "paruh"),
)
_FIRST_HALF = frozenset(("first", "1st", "erste", "1.", "pertama"))
# A month with its year needs no "by": "delivery May 2027".
_MONTH_OF_YEAR = Cued(rf"(?<!\d[ .-])(?<!\d)\b(?P<month>{MONTH})\b\.?,?\s+'?(?P<year>20\d\d)\b", _MONTH_CUES)
_WEEK = Cued(
    r"\b(?:KW|calendar week|cal\.? week|week|(?:minggu|pekan) ke-?|woche)\s*(?P<week>\d{1,2})\b"
    r"(?:\s*/?\s*(?P<year>20\d\d))?|"
    r"第\s*(?P<zh>\d{1,2})\s*[周週]",
    ("kw", "week", "minggu", "pekan", "woche", "周", "週"),
)
_YEAR_END = Cued(
    r"\b(?:end of (?:the )?year|year[- ]end|akhir tahun|jahresende|ende des jahres)\b|年底|年末",
    ("year", "tahun", "jahr", "年"),
)
_THIS_MONTH_END = Cued(
    r"\b(?:end of (?:this|the) month|month[- ]end|akhir bulan(?! depan)(?: ini)?|monatsende|ende des monats)\b|"
    r"(?<![\d下个個])月底|本月底|本月内",
    ("month", "monat", "bulan", "月"),
)
_MONTH_YEAR = Cued(
    rf"(?:(?:by|before|in|until|bis|im|vor|sebelum|bulan|until|needed|required|butuh|dibutuhkan|diperlukan|benötigt)\s+|"
    rf"\b(?:{MOVED})\s*[:=]?\s*(?:in |im |bulan |for |"
    rf"zum )?)(?P<month>{MONTH})\b\.?\s*(?P<year>20\d\d)?|"
    rf"\b(?P<first>{MONTH})[\s-]*(?:{MOVED})\b",
    _MONTH_CUES,
)
_ZH_MONTH = Cued(
    r"(?<![\d一二三四五六七八九十])(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九元])\s*月份?\s*(?:之?前|以前|内|內|要)?\s*"
    r"(?:需要?|要用|交[货貨]|[发發][货貨]|出[货貨]|到[货貨]|到港|抵港|[装裝][运運船]|船期|交付|送[达達到])",
    ("月",),
)
_ORDINALS = {
    "first": 1, "erste": 1, "pertama": 1, "kesatu": 1, "i": 1, "一": 1, "second": 2, "zweite": 2, "kedua": 2, "ii": 2,
    "二": 2, "third": 3, "dritte": 3, "ketiga": 3, "iii": 3, "三": 3, "fourth": 4, "last": 4, "vierte": 4, "letzte": 4,
    "keempat": 4, "iv": 4, "四": 4,
}  # fmt: skip
_QUARTER = Cued(
    r"(?<![\w.,])(?:Q[ \u00a0]?(?P<q>[1-4])(?!\d)|(?P<before>[1-4]|first|second|third|fourth|last|"
    r"(?:erste|zweite|dritte|vierte|letzte)[nsr]?)\.?(?:st|nd|rd|th)?[\s-]*(?:quarter|quartals?)\b|"
    r"(?:kuartal|triwulan|quartal)\s*(?:ke-?\s?)?(?P<after>[1-4]|pertama|kesatu|kedua|ketiga|keempat|iv|i{1,3})\b)"
    r"(?:\s*(?:of|des|tahun|/)?\s*'?(?P<year>20\d\d))?|"
    r"(?:(?P<zhyear>20\d\d|明|今)年\s*)?第?(?P<zh>[一二三四1-4])季度?(?!节)",
    ("quart", "kuartal", "triwulan", *(f"q{gap}{each}" for gap in ("", " ", "\u00a0") for each in range(1, 5)), "季"),
)
_LAST_YEAR = 9900
_PART_DAY = {"early": 10, "beg": 10, "start": 10, "awal": 10, "anf": 10, "mid": 15, "pert": 15, "teng": 15, "mitt": 15}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last acceptable day and the words that say so."""

    day: date
    source: Source
    is_of_leaving: bool = False
    """Whether the goods must leave by then rather than arrive."""


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


# "Validity of offer: 30 days", "Zahlungsziel 30 Tage": time of another kind
_VALIDITY = re.compile(
    r"(?:\bvalid(?:ity)?\b|\bgültig|\bbindefrist|\bzahlungsziel|\bberlaku|\bpayment\b|\bpembayaran\b|有效期?|付款|账期|帳期)"
    r"[^.;,\n，。；]{0,24}$",
    re.IGNORECASE,
)


def _days_of(unit: str) -> int:
    """Days of one unit of time, by its first letter; a minggu is a week, though months begin so, too."""
    return 7 if unit.startswith(("minggu", "mgg")) else _DAYS[unit[0]]


def _window(text: str, posted: date) -> list[tuple[date | None, tuple[int, int]]]:
    found: list[tuple[date | None, tuple[int, int]]] = []
    for hit in _WINDOW.finditer(text):
        count = to_number(hit["count"].replace(",", ".")) or figure_of(hit["count"])
        if count and re.match(
            r"\s*(?:contract|vertrag|kontrak|shelf|合同|保质|old|guarantee|net|credit|before|prior|sebelum)",
            text[hit.end() :],
            re.IGNORECASE,
        ):
            continue
        if count and 0 < count <= 400:
            if hit["half"]:
                count += 0.5
            days = count * _days_of(hit["unit"].lower())
            found.append((posted + timedelta(days=round(days)), hit.span()))
    found += [(posted + timedelta(days=90), hit.span()) for hit in _QUARTER_OF_A_YEAR.finditer(text)]
    return found


def _calendar(text: str, posted: date) -> list[tuple[date | None, tuple[int, int]]]:
    found: list[tuple[date | None, tuple[int, int]]] = []
    for hit in _DAY_ALONE.finditer(text):
        first, second = int(hit["day"] or hit["slashed"]), int((hit["month"] or hit["over"]).rstrip("."))
        if second > 12 >= first and hit["over"]:  # 2/25: the month stands first
            first, second = second, first
        found.append((_date(None, second, first, posted), hit.span()))
    for hit in _HALF_OF_MONTH.finditer(text):
        month = _MONTHS[(hit["month"] or hit["of"] or hit["paruh"]).lower()]
        is_first = (hit["nth"] or hit["half"] or hit["ke"]).lower() in _FIRST_HALF
        found.append((_date(None, month, 15, posted) if is_first else _month_end(None, month, posted), hit.span()))
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
        if hit["month"].lower() == "des" and part in ("anfang", "mitte", "ende"):
            continue  # "Ende des Jahres" is no Indonesian December
        day = next((value for key, value in _PART_DAY.items() if part.startswith(key)), None)
        year = _year(hit["year"])
        found.append((_date(year, month, day, posted) if day else _month_end(year, month, posted), hit.span()))
    for hit in _ZH.finditer(text):
        month = _HAN_MONTHS.get(hit[2]) or int(hit[2])
        year = {"明": posted.year + 1, "今": posted.year}.get(hit[1] or "") or _year(hit[1])
        if hit[3]:
            found.append((_date(year, month, int(hit[3]), posted), hit.span()))
        elif hit[4] or hit[1]:
            part_day = {"中": 15, "初": 10, "上旬": 10}.get(hit[4] or "")
            if 1 <= month <= 12:
                day_found = _date(year, month, part_day, posted) if part_day else _month_end(year, month, posted)
                found.append((day_found, hit.span()))
    for hit in _QUARTER.finditer(text):
        named = (hit["q"] or hit["before"] or hit["after"] or hit["zh"]).lower()
        quarter = int(named) if named in "1234" else _ORDINALS.get(named) or _ORDINALS[named[:-1]]
        year = {"明": posted.year + 1, "今": posted.year}.get(hit["zhyear"] or "") or _year(
            hit["zhyear"] or hit["year"]
        )
        found.append((_month_end(year, 3 * quarter, posted), hit.span()))
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


def read_deadline(text: str, posted: date) -> Deadline | None:
    """The last acceptable day, None when the text names none; a named day weighs more than a window, a window more
    than a feast. Where the calendar ends no day can be reckoned from."""
    if posted.year > _LAST_YEAR:
        return None
    groups = [_calendar(text, posted), _window(text, posted)]
    groups.append(
        [
            (_month_end(_year(hit["year"]), _MONTHS[(hit["month"] or hit["first"]).lower()], posted), hit.span())
            for hit in _MONTH_YEAR.finditer(text)
        ]
        + [
            (_month_end(None, month, posted), hit.span())
            for hit in _ZH_MONTH.finditer(text)
            if 1 <= (month := _HAN_MONTHS.get(hit["month"]) or int(hit["month"])) <= 12
        ]
    )
    groups.append(relative_days(text, posted))
    groups.append(feasts_in(text, posted))
    for group in groups:
        usable = [
            (day, span)
            for day, span in group
            if day is not None
            and posted <= day <= posted + timedelta(days=1100)
            and not _VALIDITY.search(text, max(0, span[0] - 40), span[0])
        ]
        if usable:
            day, (start, end) = usable[0]
            return Deadline(day, Source(start, end, text[start:end]), is_of_leaving(text, start, end))
    return None
