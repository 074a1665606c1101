"""How many times in a while an amount is wanted: twice a year, fortnightly, 2x setahun, alle 14 Tage, 每年两次."""

import re

from matching.profile import Source
from matching.reader.cues import Cued
from matching.reader.numbers import NUMBER_WORDS, to_number

_FARTHEST = 64
_GAP = r"[\s-]{0,2}"
# Months in one of each; the first letters that tell them apart are looked up in this order.
_MONTHS_IN = (
    (r"week|wk|woche|wöch|woech|minggu|pekan|周|週|星期", 12 / 52),
    (r"month|mth|monat|bulan|bln|月", 1.0),
    (r"quarter|quartal|kuartal|triwulan|季", 3.0),
    (r"half|halb|semester|半年", 6.0),
    (r"year|annu|jahr|jähr|jaehr|tahun|thn|年", 12.0),
    (r"day|tag|hari|天|日", 12 / 365),
)
_UNIT = (
    r"(?:weeks?|wks?|woche|minggu|pekan|months?|mths?|monats?|bulan|bln|quarters?|quartals?|kuartal|triwulan|"
    r"half[- ]?years?|halbjahr|semester|years?|annum|jahr|tahun|thn)(?![^\W\d_])"
)
_UNITS = (
    r"(?:days?|tagen?|hari|weeks?|wochen?|minggu|pekan|months?|monaten?|bulan|years?|jahren?|tahun|quarters?|quartalen?)"
    r"(?![^\W\d_])"
)
_ADVERB = r"(?:weekly|monthly|quarterly|yearly|annually|wöchentlich|monatlich|jährlich|jaehrlich|pro jahr)(?![^\W\d_])"
_HAN_UNIT = r"(?:半年|[个個]?(?:星期|[周週月季年])度?)"
_COUNT = rf"(?:\d{{1,2}}|(?:{NUMBER_WORDS})(?=[\s-]))"
_PER = r"(?:an?|per|each|every|pro|im|je|in der|in einem|/|se|tiap|setiap|dalam)"
_TIMES = Cued(
    rf"(?<![^\W_])(?:(?P<word>once|twice|thrice|einmal|zweimal|dreimal|viermal|sechsmal|sekali)|"
    rf"(?P<times>{_COUNT}){_GAP}(?:x|×|times|mal|kali))"
    rf"(?:{_GAP}{_PER}{_GAP}(?P<unit>{_UNIT})|{_GAP}(?P<adverb>{_ADVERB}))|"
    rf"[每一](?P<han>{_HAN_UNIT})(?P<hancount>\d{{1,2}}|[一两兩二三四五六])[次回批]",
    ("once", "twice", "thrice", "mal", "sekali", "x", "×", "times", "kali", *"次回批"),
)
_EVERY = Cued(
    rf"(?<![^\W\d_])(?:every|each|alle|jede[nrs]?|(?:se)?tiap|per){_GAP}(?P<count>{_COUNT}){_GAP}(?P<unit>{_UNITS})|"
    rf"(?<![^\W\d_])(?P<before>{_COUNT}){_GAP}(?P<rest>{_UNITS}){_GAP}sekali|"
    rf"每(?P<hancount>\d{{1,2}}|[两兩二三四五六])(?P<han>[天日]|{_HAN_UNIT})|"
    r"(?P<half>半年)[一1]?[次回批]",
    ("every", "each", "alle", "jede", "tiap", "per", "sekali", "每", "半年"),
)
_FIXED = (
    (r"(?<![^\W\d_])(?:bi-?weekly|fortnightly|(?:every|each|a|per) fortnight|every (?:other|second) week|semi-?monthly|"
     r"(?:14|vierzehn)-?tägig(?:e[nrs]?)?|(?:zwei|2-?)wöchentlich(?:e[nrs]?)?|jede (?:zweite|2\.) woche|"
     r"dwi-?mingguan)(?![^\W\d_])|隔[周週]", 24 / 52),
    (r"(?<![^\W\d_])(?:bi-?monthly|every (?:other|second) month|(?:zwei|2-?)monatlich(?:e[nrs]?)?|"
     r"jeden (?:zweiten|2\.) monat|dwi-?bulanan)(?![^\W\d_])|隔月", 2.0),
    (r"(?<![^\W\d_])(?:bi-?annual(?:ly)?)(?![^\W\d_])", 6.0),
)  # fmt: skip
_FIXED_PATTERNS = tuple(
    (
        Cued(pattern, ("bi", "fortnight", "other", "second", "semi", "tägig", "wöch", "monat", "woche", "dwi", *"隔")),
        months,
    )
    for pattern, months in _FIXED
)
# "We meet twice a year": how often something else is done.
_OTHER_ACT = re.compile(
    r"\b(?:meet|visit|audit|inspect|travel|report|paid|pay|check|test|treffen|besuch|prüf|bertemu|kunjung|bayar|lapor)"
    r"\w*[^.;,\n]{0,24}$|(?:见面|拜访|拜訪|付款|开会|開會|检查|檢查)[^，。；]{0,8}$",
    re.IGNORECASE,
)
_WORDS = {"once": 1, "einmal": 1, "sekali": 1, "twice": 2, "zweimal": 2, "thrice": 3, "dreimal": 3, "viermal": 4}
_WORDS["sechsmal"] = 6
_END_OF_CLAUSE = re.compile(r"[.;\n。；](?!\d)")


def repeat_about(text: str, start: int, end: int) -> tuple[float, Source] | None:
    """How many months lie between two deliveries of the amount from ``start`` to ``end``, told in its own sentence,
    and the words that say so; None where nothing does."""
    stops = [each.end() for each in _END_OF_CLAUSE.finditer(text, max(0, start - _FARTHEST), start)]
    begin = stops[-1] if stops else max(0, start - _FARTHEST)
    stop = _END_OF_CLAUSE.search(text, end, end + _FARTHEST)
    last = stop.start() if stop else min(len(text), end + _FARTHEST)
    found = [
        (span, months)
        for span, months in _repeats(text[begin:last])
        if not _OTHER_ACT.search(text, max(0, begin + span[0] - 40), begin + span[0])
        and (begin + span[1] <= start or begin + span[0] >= end)
    ]
    if not found:
        return None
    (left, right), months = min(found, key=lambda each: max(start - begin - each[0][1], each[0][0] + begin - end))
    return months, Source(begin + left, begin + right, text[begin + left : begin + right])


def _repeats(text: str) -> list[tuple[tuple[int, int], float]]:
    found: list[tuple[tuple[int, int], float]] = []
    for hit in _TIMES.finditer(text):
        times = _WORDS.get((hit["word"] or "").lower()) or to_number(hit["times"] or hit["hancount"] or "1")
        unit = _months(hit["unit"] or hit["adverb"] or hit["han"])
        if times and 1 <= times <= 24:
            found.append((hit.span(), unit / times))
    for hit in _EVERY.finditer(text):
        count = to_number(hit["count"] or hit["before"] or hit["hancount"] or "1")
        if count and 1 <= count <= 60:
            found.append((hit.span(), count * _months(hit["unit"] or hit["rest"] or hit["han"] or hit["half"])))
    for pattern, months in _FIXED_PATTERNS:
        found += [(hit.span(), months) for hit in pattern.finditer(text)]
    return found


def _months(unit: str) -> float:
    return next(months for names, months in _MONTHS_IN if re.search(names, unit, re.IGNORECASE))
