"""Days by which goods are wanted that are named after a feast: before Ramadan, zu Ostern, 春节前."""

import re
from collections.abc import Mapping
from datetime import date

from matching.reader.cues import Cued

# First days by year; those of the moon are astronomical, a day either way.
_RAMADAN = {2026: (2, 18), 2027: (2, 8), 2028: (1, 28), 2029: (1, 16), 2030: (1, 6)}
_EID = {2026: (3, 20), 2027: (3, 10), 2028: (2, 27), 2029: (2, 15), 2030: (2, 5)}
_SACRIFICE = {2026: (5, 27), 2027: (5, 16), 2028: (5, 5), 2029: (4, 24), 2030: (4, 13)}
_SPRING = {2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}
_DRAGON_BOATS = {2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5)}
_MID_AUTUMN = {2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12)}
_EASTER = {2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21)}
_LIGHTS = {2026: (11, 8), 2027: (10, 29), 2028: (10, 17), 2029: (11, 5), 2030: (10, 26)}
_THANKSGIVING = {2026: (11, 26), 2027: (11, 25), 2028: (11, 23), 2029: (11, 22), 2030: (11, 28)}


def _yearly(month: int, day: int) -> dict[int, tuple[int, int]]:
    return dict.fromkeys(range(2026, 2041), (month, day))


_NAMES: tuple[tuple[str, Mapping[int, tuple[int, int]]], ...] = (
    ("ramadan|ramadhan|ramadlan|ramzan|puasa|bulan puasa|fastenmonat|斋月|齋月|斋戒月|齋戒月|拉马丹|拉瑪丹", _RAMADAN),
    ("eid|eid[ -]al[ -]fitr|eid[ -]ul[ -]fitr|lebaran|idul ?fitri|hari raya|zuckerfest|开斋节|開齋節|开斋|開齋", _EID),
    ("eid[ -]al[ -]adha|idul ?adha|hari raya kurban|kurban|opferfest|宰牲节|宰牲節|古尔邦节|古爾邦節", _SACRIFICE),
    ("chinese new year|lunar new year|spring festival|imlek|cny|tahun baru imlek|chinesische[nms]? neujahr(?:sfest)?|"
     "mondneujahr|农历新年|農曆新年|農曆年|农历年|新春|春节|春節|过年|過年", _SPRING),
    ("dragon boat festival|drachenbootfest|端午节|端午節|端午", _DRAGON_BOATS),
    ("mid[ -]autumn(?: festival)?|moon ?cake festival|mondfest|中秋节|中秋節|中秋", _MID_AUTUMN),
    ("easter|ostern|paskah|复活节|復活節", _EASTER),
    ("diwali|deepavali|排灯节|排燈節", _LIGHTS),
    ("thanksgiving|感恩节|感恩節", _THANKSGIVING),
    ("christmas|xmas|weihnachten|weihnachtsgeschäft|natal|圣诞节|聖誕節|圣诞|聖誕", _yearly(12, 24)),
    ("new year(?:'s)?|neujahr|jahreswechsel|tahun baru|元旦", _yearly(12, 31)),
    ("qingming|tomb[- ]sweeping day|清明节|清明節|清明", _yearly(4, 5)),
    ("national day|国庆节|國慶節|国庆|國慶|十一长假", _yearly(10, 1)),
    ("singles'? day|双十一|雙十一", _yearly(11, 11)),
)  # fmt: skip
_BEFORE = (
    r"(?:\b(?:before|by|until|ahead of|in time for|for|vor|bis|zu|zum|rechtzeitig zu|für|sebelum|sblm|menjelang|"
    r"jelang|untuk|utk|buat)(?:\s+(?:the|dem|den|das|bulan|hari))?\s+|[赶在趕]{1,3}\s*+)"
)
_AFTER = r"\s*+(?:之?前|以前|到货|到貨|到|用|要)"


def _pattern(names: str) -> Cued:
    ordered = "|".join(sorted(names.split("|"), key=len, reverse=True))
    named = rf"(?:{ordered})(?![a-zäöü])"
    return Cued(rf"{_BEFORE}{named}(?:{_AFTER})?|(?<![a-zA-Z]){named}{_AFTER}", _cues(names))


def _cues(names: str) -> list[str]:
    """What every name of a feast begins with, up to where it may be written in several ways."""
    return [re.split(r"[ \[?(']", each)[0] for each in names.split("|")]


_FEASTS = tuple((_pattern(names), days) for names, days in _NAMES)


def feasts_in(text: str, posted: date) -> list[tuple[date | None, tuple[int, int]]]:
    """The next first day of every feast that goods are wanted before or for, with its place in the text."""
    found = [
        (next((day for year, at in days.items() if (day := date(year, *at)) > posted), None), hit.span())
        for pattern, days in _FEASTS
        for hit in pattern.finditer(text)
    ]
    # "before Chinese New Year" is no new year's day: of names in one another the longest counts
    kept: list[tuple[date | None, tuple[int, int]]] = []
    for each in sorted(found, key=lambda one: (one[1][0], -one[1][1])):
        if not kept or each[1][1] > kept[-1][1][1] or each[1] == kept[-1][1]:
            kept.append(each)
    return kept
