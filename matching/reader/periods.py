"""How often an amount is wanted: 120 MT/year, 5 t a week, Jahresbedarf 60 t, 每月两柜, 20 ton per bulan."""

import re
from dataclasses import dataclass

from matching.profile import Source
from matching.reader.numbers import NUMBER_WORDS, to_number
from matching.reader.repeats import repeat_about

WEEK, MONTH, QUARTER, HALF_YEAR, YEAR = "week", "month", "quarter", "half-year", "year"
_WEEKS_OF_YEAR, _MONTHS_OF_YEAR = 52, 12
_MONTHS_IN = {WEEK: _MONTHS_OF_YEAR / _WEEKS_OF_YEAR, MONTH: 1.0, QUARTER: 3.0, HALF_YEAR: 6.0, YEAR: 12.0}
_NAMED = {3: QUARTER, 6: HALF_YEAR, 12: YEAR}
_MOST_TIMES, _FARTHEST = 24, 60

_UNITS = {
    WEEK: r"weeks?|wks?|wochen?|minggu|pekan|周|週|星期|礼拜|禮拜",
    MONTH: r"months?|mths?|mo|monat(?:en?|s)?|bulan|bln|月",
    QUARTER: r"quarters?|qtrs?|quartal(?:en?|s)?|kuartal|triwulan|季度?",
    HALF_YEAR: r"half[- ]?years?|six months|halbjahre?s?|semester|半年",
    YEAR: r"years?|yr|annum|jahr(?:en?|s)?|tahun|thn|年",
}
_ADJECTIVES = {
    WEEK: r"weekly|wöchentlich(?:e[nrs]?)?|woechentlich|mingguan",
    MONTH: r"monthly|monatlich(?:e[nrs]?)?|bulanan",
    QUARTER: r"quarterly|vierteljährlich(?:e[nrs]?)?|vierteljaehrlich|quartalsweise|kuartalan|triwulanan",
    HALF_YEAR: r"half[- ]?yearly|semi[- ]?annual(?:ly)?|halbjährlich(?:e[nrs]?)?|halbjaehrlich",
    YEAR: r"yearly|annual(?:ly)?|jährlich(?:e[nrs]?)?|jaehrlich|tahunan",
}
_NAMED_UNIT = "(?:" + "|".join(f"(?P<{name.replace('-', '_')}>{words})" for name, words in _UNITS.items()) + ")"
_ADJECTIVE = "(?:" + "|".join(f"(?P<{name.replace('-', '_')}>{words})" for name, words in _ADJECTIVES.items()) + ")"
_END = r"(?![^\W\d_\u3400-\u9fff])"
# Every repeat has an end, so that a long gap, a disclaimer or a page of blanks costs no more than a short one.
_GAP = r"\s{0,3}"
_TIMES = rf"(?:(?P<times>\d{{1,2}}|(?:{NUMBER_WORDS})){_GAP}[-.]?{_GAP})?[个個]?{_GAP}"
# "5 t a year ago", "within one month", "end of the month" tell a day, no rhythm
_OF_A_MONTH = "jan|feb|mär|mar|apr|mai|mei|may|jun|jul|aug|agu|sep|okt|oct|nov|dez|des|dec"
_NO_DAY = (
    rf"(?!{_GAP}(?:ago|from now|later|earlier|lagi|lalu|ke depan|ends?\b|vom\b|"
    rf"20\d\d|[内內后後之前底初末中份]|(?:{_OF_A_MONTH})))"
)
# "10 t of coconut sugar per month": the goods may stand between
_GOODS_BETWEEN = (
    r"(?: {1,3}(?:[^\W\d_]{1,24}[ -]{1,3}){1,5}?|[\u3400-\u9fff]{1,8}?)?"
    r"(?<!within )(?<!in )(?<!once )(?<!twice )(?<!times )(?<!than )(?<!as )(?<!dalam )(?<!mal )(?<!kali )"
)
# "our monthly need", "annual contract"; but no "monthly meeting", no "weekly trader"
_NEEDED = (
    r"(?<!we )(?<!wir )(?<!kami )(?:needs?|requirements?|demands?|volumes?|quantit(?:y|ies)|qty|"
    r"amounts?|tonnage|orders?|purchases?|deliver(?:y|ies)|"
    r"shipments?|suppl(?:y|ies)|consumption|usage|contracts?|imports?|off-?take|call-?offs?|"
    r"bedarf|menge|mengen|volumen|verbrauch|abnahme|abruf|lieferung|lieferungen|bestellung|vertrag|kontrakt|"
    r"kontrak|kebutuhan|pesanan|pembelian|pengiriman|permintaan|pasokan|volume|order)(?![^\W\d_])"
)
_BARE = r"(?<!our )(?<!your )(?<!the )(?<!a )(?<!an )(?<!unser )(?<!unsere )(?<!unseren )"
_NOT_OF_OTHERS = rf"(?:{_BARE}|(?=[^\W\d_]{{5,24}} {_NEEDED}))"
_AFTER = tuple(
    re.compile(rf"{_GAP}[,(]?{_GAP}{_GOODS_BETWEEN}(?P<told>{each}){_NO_DAY}", re.IGNORECASE)
    for each in (
        r"(?:/|\b(?:per|each|every|an?|pro|je|im|in der(?! woche \d)|alle|jede[ns]?|(?:se)?tiap)\b|\bse|每|"
        rf"(?<!十)一(?!月)(?=[个個]?[周週月季年])){_GAP}-?{_GAP}{_TIMES}{_NAMED_UNIT}{_END}",
        rf"{_NOT_OF_OTHERS}{_ADJECTIVE}{_END}",
        r"(?P<year>p\.\s?a\.|pa\b|/\s?a\b)",
        rf"(?:\b(?:(?:spread |divided )?over(?: a period of|"
        rf" the next(?= (?:\d|(?:{NUMBER_WORDS})\b)))?|for a period of|verteilt (?:auf|über)|selama)\b|"
        rf"分){_GAP}{_TIMES}{_NAMED_UNIT}{_END}",
    )
) + (
    # "10 t coconut sugar, monthly": after a comma it stands alone
    re.compile(
        rf"(?: {{1,3}}[^\W\d_]{{1,24}}){{1,5}}, {{1,3}}(?P<told>{_ADJECTIVE}{_END})(?={_GAP}(?:[.,;)\n]|$))",
        re.IGNORECASE,
    ),
)
# what may stand between the rhythm and the amount: "annual requirement of about 300 MT"
_UP_TO = r"(?:[^\d\n.,;，。；]|\.(?=\w)){0,30}$"
_ABOUT = (
    r"about|around|approx(?:\.|imately)?|ca\.?|circa|some|up to|at least|min\.?|max\.?|etwa|rund|ungefähr|bis zu|"
    r"mindestens|"
    r"sekitar|kira-kira|kurang lebih|minimal|maksimal|hingga"
)
_WE_NEED = (
    r"(?:we|i|wir|ich|kami|saya|kita|werden|benötig|brauch|need|requir|butuh|membutuhkan|perlu|memerlukan)"
    r"(?:(?<=nötig)\w{1,4}|(?<=brauch)\w{1,4}|(?<=need)\w{1,3}|(?<=requir)\w{1,3})?\b"
)
_BEFORE = tuple(
    re.compile(rf"(?P<told>{each}){_UP_TO}", re.IGNORECASE)
    for each in (
        rf"(?:\b(?:per|each|every|pro|je|jede[ns]?|alle|im|(?:se)?tiap)\s{{1,3}}|\bse|每|全|(?<!十)一(?!月)){_GAP}{_TIMES}{_NAMED_UNIT}{_END}{_NO_DAY}",
        rf"\b{_ADJECTIVE}{_END}(?=[^\d\n.,;]{{0,30}}(?<![^\W\d_]){_NEEDED}|"
        rf"[\s:-]{{0,3}}(?:{_ABOUT})?\s{{0,3}}$|[\s,:]{{0,3}}{_WE_NEED})",
        rf"{_BARE}\b{_ADJECTIVE}{_END}(?=(?:[ -]{{1,3}}[^\W\d_]{{2,24}}){{1,3}} {{1,3}}$)",
        r"\b(?:(?P<week>wochen)|(?P<month>monats)|(?P<quarter>quartals)|(?P<half_year>halbjahres)|(?P<year>jahres))"
        r"-?(?:bedarf|mengen?|volumen|verbrauch|abnahme|kontrakt|vertrag|kapazität)\w{0,24}",
        # "下个月", "2026年", "上半年" and "十二月" are times of their own
        r"(?<![\d下上本这這個个今明去前后後半一二三四五六七八九十两兩])(?:(?P<year>年)|(?P<month>月)|(?P<week>[周週])|(?P<quarter>季))\s{0,3}(?=[需用采採供产產消订訂总總])",
    )
)
# "a month before Ramadan": so far from a day; "every year after the harvest" is a rhythm
_STRETCH = re.compile(r"an? |se(?!tiap)|ein", re.IGNORECASE)
_FROM_A_DAY = re.compile(rf"{_GAP}(?:before|after|prior|vor|nach|sebelum|sesudah|setelah)\b", re.IGNORECASE)
# "tonnes per annum" as one word
OF_UNIT = {"tpa": YEAR, "mtpa": YEAR, "tpy": YEAR, "mtpy": YEAR, "tpm": MONTH}


@dataclass(frozen=True, slots=True)
class Period:
    """A rhythm: ``code`` is week, month, quarter, half-year, year, or a number of weeks or months ("2-months")."""

    code: str
    months: float
    source: Source
    """The words that tell it."""


def period_of(code: str, times: float, source: Source) -> Period:
    """The period of so many weeks, months or years; three months are a quarter."""
    months = _MONTHS_IN[code] * times
    if times == 1:
        return Period(code, months, source)
    if code == WEEK:
        return Period(f"{times:g}-weeks", months, source)
    return Period(_NAMED.get(round(months), f"{round(months)}-months"), months, source)


def period_about(text: str, start: int, end: int) -> Period | None:
    """The period of the amount that stands from ``start`` to ``end``, told right after it or shortly before; of
    "twice a year" it is half a year, unless a need by the year is told apart from it."""
    told = _told_about(text, start, end)
    repeat = repeat_about(text, start, end)
    if repeat is None:
        return told
    months, source = repeat
    is_apart = told is not None and (told.source.end <= source.start or source.end <= told.source.start)
    return told if is_apart else _of_months(months, source) or told


def _of_months(months: float, source: Source) -> Period | None:
    """The period of so many months, in months or in weeks; None for less than a week or more than two years."""
    if abs(months - round(months)) < 0.05 and 1 <= round(months) <= _MOST_TIMES:
        named = {1: MONTH, **_NAMED}.get(round(months), f"{round(months)}-months")
        return Period(named, float(round(months)), source)
    weeks = round(months * _WEEKS_OF_YEAR / _MONTHS_OF_YEAR)
    return period_of(WEEK, float(weeks), source) if 1 <= weeks <= _MOST_TIMES else None


def _told_about(text: str, start: int, end: int) -> Period | None:
    for pattern in _AFTER:
        hit = pattern.match(text, end)
        if hit and (found := _read(hit)):
            return found
    begin = max(0, start - _FARTHEST)
    nearest: Period | None = None
    for pattern in _BEFORE:
        for hit in pattern.finditer(text, begin, start):
            found = _read(hit)
            if found and (nearest is None or found.source.start > nearest.source.start):
                nearest = found
    return nearest


def _read(hit: re.Match[str]) -> Period | None:
    groups = {name: value for name, value in hit.groupdict().items() if value and name != "told"}
    told = to_number(groups.pop("times", "1"))
    times = 1.0 if told is None else told
    name = next(iter(groups))
    if not 1 <= times <= _MOST_TIMES and (times, name) != (0.5, YEAR):
        return None
    start, end = hit.start("told"), hit.end(name)
    if _STRETCH.match(hit.string, start) and _FROM_A_DAY.match(hit.string, end):
        return None
    return period_of(name.replace("_", "-"), times, Source(start, end, hit.string[start:end]))
