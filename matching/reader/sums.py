"""Sums of money in Chinese numerals (一萬四港幣, 3万美元) and sums that are for all the goods together."""

import re
from typing import NamedTuple

from matching.profile import Source
from matching.reader.cues import Cued
from matching.reader.worded import figure_of

_HAN = "一二两兩三四五六七八九十百千"
_CURRENCY = (
    r"(?P<after>美元|美金|欧元|歐元|英镑|英鎊|人民币|人民幣|港币|港幣|港元|港纸|港紙|蚊|元|块|塊|新台币|新台幣|台币|台幣|日元|印尼盾|"
    r"新币|新幣|马币|馬幣|令吉|usd|hkd|rmb|cny|eur)"
)
_SUM = Cued(
    r"(?:[每一](?P<first>公斤|千克|公吨|公噸|吨|噸|公升|升|司斤|斤|担|擔|打|个|個|件|只|隻|条|條|瓶|套|盒|包|箱)[^\d,，。;；]{0,7}?)?"
    rf"(?P<sum>\d+(?:\.\d+)?[万萬]|(?:[{_HAN}]{{1,7}}[万萬](?:零?[{_HAN}]{{1,7}})?)|[{_HAN}]*[百千][{_HAN}]*)\s?{_CURRENCY}"
    r"(?:\s?(?:/|每|一)\s?(?P<last>公斤|千克|公吨|公噸|吨|噸|公升|升|司斤|斤|担|擔|打|个|個|件|只|隻|条|條|瓶|套|盒|包))?",
    "万萬百千",
)
_OF_ALL_BEFORE = re.compile(
    r"(?:\b(?:total|overall|entire|whole) (?:budget|price|amount|value|sum|spend)|\bbudget in total|"
    r"\bgesamt(?:budget|preis|summe|wert|betrag)|\binsgesamt|"
    r"\btotal (?:anggaran|harga|dana|nilai)|\b(?:anggaran|dana|nilai) total|"
    r"[总總](?:预算|預算|价|價|额|額|金额|金額)|(?:预算|預算)[总總][共计計]?)[^.;,\n\d。；，]{0,18}$",
    re.IGNORECASE,
)
_OF_ALL_AFTER = re.compile(
    r"\s{0,2}(?:in total|altogether|for (?:everything|all of it|the (?:whole |entire )?(?:lot|order))|insgesamt|"
    r"für alles|(?:untuk )?semua(?:nya)?\b|[总總]共)",
    re.IGNORECASE,
)
# a firm's capital or turnover
_OF_A_FIRM = re.compile(
    r"(?:资本|資本|资金|資金|销售|銷售|营业|營業|营收|營收|产值|產值|投资|投資|年销|年銷)[^,，。;；]{0,6}$"
)
_TEN_THOUSAND = 10_000


class Sum(NamedTuple):
    """A sum of money, its currency in small letters as written, the unit it is for if one is told, and its place."""

    value: float
    currency: str
    unit: str | None
    source: Source


def in_words(text: str) -> Sum | None:
    """The first sum in Chinese numerals, None when there is none."""
    for hit in _SUM.finditer(text):
        value = _value(hit["sum"])
        if _OF_A_FIRM.search(text, max(0, hit.start() - 12), hit.start()):
            continue
        if value and len(hit["sum"]) > 1:  # 百元店 sells for little, and tells no price
            unit = hit["first"] or hit["last"]
            unit = None if unit == "箱" else unit
            return Sum(value, hit["after"].lower(), unit, Source(*hit.span(), hit.group()))
    return None


def _value(words: str) -> float | None:
    high, man, low = words.replace("萬", "万").partition("万")
    if not man:
        return figure_of(words)
    many = float(high) if high[0].isdigit() else figure_of(high)
    if many is None:
        return None
    rest = low.removeprefix("零")
    few = figure_of(rest) if rest else 0
    if few and len(rest) == 1 and rest not in "十百千" and low == rest:
        few *= 1000  # 一萬四 is fourteen thousand
    return None if few is None else many * _TEN_THOUSAND + few


def is_of_all(text: str, start: int, end: int) -> bool:
    """Whether a sum is told to be for all the goods: a total budget, "for the whole lot", 总预算."""
    return bool(_OF_ALL_BEFORE.search(text, max(0, start - 40), start) or _OF_ALL_AFTER.match(text, end))
