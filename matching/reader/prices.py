"""What a buyer is willing to pay: amount, currency and the unit it is for."""

import re

from matching.profile import Source, TargetPrice
from matching.reader.cues import Cued
from matching.reader.numbers import NUMBER, to_number
from matching.reader.sums import in_words, is_of_all
from matching.reader.units import FACTORS, UNIT

_CURRENCIES = {
    "usd": "USD", "us$": "USD", "$": "USD", "us dollars": "USD", "us dollar": "USD", "dollars": "USD",
    "dollar": "USD",
    "dolar": "USD", "bucks": "USD", "美元": "USD", "美金": "USD", "刀": "USD",
    "eur": "EUR", "euros": "EUR", "euro": "EUR", "€": "EUR", "欧元": "EUR", "歐元": "EUR",
    "gbp": "GBP", "£": "GBP", "pounds sterling": "GBP", "英镑": "GBP", "英鎊": "GBP",
    "cny": "CNY", "rmb": "CNY", "元": "CNY", "人民币": "CNY", "人民幣": "CNY", "yuan": "CNY", "块": "CNY", "¥": "CNY",
    "hkd": "HKD", "hk$": "HKD", "蚊": "HKD", "港币": "HKD", "港幣": "HKD", "港元": "HKD",
    "idr": "IDR", "rp": "IDR", "rupiah": "IDR", "印尼盾": "IDR",
    "myr": "MYR", "rm": "MYR", "ringgit": "MYR", "sgd": "SGD", "s$": "SGD", "jpy": "JPY", "日元": "JPY", "aud": "AUD",
    "a$": "AUD", "cad": "CAD", "c$": "CAD", "chf": "CHF", "aed": "AED", "sar": "SAR", "inr": "INR", "krw": "KRW",
    "nt$": "TWD", "twd": "TWD", "新台币": "TWD", "新台幣": "TWD", "台币": "TWD", "台幣": "TWD", "sfr": "CHF",
    "新币": "SGD", "新幣": "SGD", "坡币": "SGD", "新加坡元": "SGD", "澳元": "AUD", "澳币": "AUD", "澳幣": "AUD",
    "加元": "CAD", "加币": "CAD", "加幣": "CAD", "马币": "MYR", "馬幣": "MYR", "令吉": "MYR", "瑞郎": "CHF",
    "瑞士法郎": "CHF",
}  # fmt: skip
_BEFORE = (
    r"(?<![a-z])(?:us\$|hk\$|s\$|a\$|c\$|\$|€|£|¥|(?:usd|eur|euro|gbp|cny|rmb|hkd|idr|rp|myr|rm|sgd|aud|cad|chf|aed|"
    r"sar|sfr|twd|nt\$)(?![a-z])\.?|美元|美金|欧元|歐元|英镑|英鎊|人民币|人民幣|港币|港幣|港元|台币|台幣|新台币|新台幣|"
    r"新币|新幣|新加坡元|澳元|澳币|澳幣|加元|加币|加幣|马币|馬幣|令吉|瑞郎|日元)"
)
_AFTER = (
    r"(?:us dollars?|us\$|hk\$|\$|€|£|(?:usd|dollars?|dolar|bucks|euros?|eur|gbp|cny|rmb|yuan|hkd|idr|rupiah|"
    r"myr|ringgit|rm|"
    r"sgd|jpy|aud|cad|chf|aed|sar|inr|krw)\b|美元|美金|刀|欧元|歐元|英镑|英鎊|人民币|人民幣|元|块(?=钱|/|每|一|半|\s*+[,，。]?\s*+$)|塊(?=錢|/|每|半)|港币|港幣|港元|蚊|日元|印尼盾|新台币|新台幣|台币|台幣|新币|新幣|坡币|新加坡元|澳元|澳币|澳幣|加元|加币|加幣|"
    r"马币|馬幣|令吉|瑞士法郎|瑞郎)"
)
_SCALE = r"(?:\s?(?:k|rb|ribu|jt|juta)\b)"
_SCALES = {"k": 1e3, "rb": 1e3, "ribu": 1e3, "jt": 1e6, "juta": 1e6}
_PER = (
    rf"\s*+(?:(?:/|per|pro|je|a|an|the|se(?=[^\W\d_]{{3}})|tiap|das|die|der|den|每)\s*+(?P<unit>{UNIT}|each|m(?![\w²³]))|(?P<each>each|apiece|/\s?pc|"
    rf"pro stück|a piece))"
)
_ZH_PER_FIRST = (
    r"[每一]\s*+(?P<first>公斤|千克|公吨|公噸|吨|噸|公升|升|斤|司斤|担|擔|打|个|個|件|只|隻|条|條|瓶|磅|包|袋|盒|套|双|雙|张|張|块|塊|罐|支|顶|頂)\s*+"
    r"(?:[^\d\s,，。;；]{1,7}?(?=\d|HK|US|NT|[美欧歐英港人台新澳加马馬令瑞日][元金币幣镑鎊民台加吉郎]))?"
)
_WITH_CURRENCY = Cued(
    rf"(?:{_ZH_PER_FIRST})?(?:(?P<before>{_BEFORE})\s*+(?P<one>{NUMBER})(?P<scale1>{_SCALE})?"
    rf"|(?<![0-9A-Za-z])(?<!\d[.,])(?P<two>{NUMBER})(?P<scale2>{_SCALE})?\s*+(?P<after>{_AFTER}))(?:{_PER})?",
    (*_CURRENCIES, "塊"),
)
_BARE = re.compile(
    rf"(?:(?P<lead>@|(?<!\w)(?:target(?: price)?|tgt|budget|harga|price(?: idea)?|max(?:imal|imum)?\.?|maks\.?|"
    rf"zielpreis|preis|bis|"
    rf"up to|below|under|<)\s*+:?)\s*+)?(?<![0-9A-Za-z/'])(?<!\d[.,])(?P<one>{NUMBER})(?P<scale1>{_SCALE})?(?:{_PER})?"
    rf"(?:\s*+(?:in\s)?(?P<late>{_AFTER}))?",
    re.IGNORECASE,
)


def _unit(written: str | None) -> tuple[str, float] | None:
    """The base unit of a written one and how many base units it holds."""
    if not written:
        return None
    if written.lower() == "each":
        return "pcs", 1.0
    if written.lower() == "m":
        return "metre", 1.0
    base, factor = FACTORS[written.lower()]
    return base, float(factor)


def _scaled(number: str, scale: str | None, lang: str | None) -> float | None:
    value = to_number(number, lang)
    return None if value is None else value * _SCALES.get((scale or "").strip().lower(), 1)


def read_price(
    text: str, lang: str | None = None, quantity_unit: str | None = None, quantity: float | None = None
) -> tuple[TargetPrice, Source] | None:
    """The target price and its words, None when the text names none.

    Without a unit the price is for one unit of the quantity; a sum too high for a kilogram is taken per tonne, and what
    is told to be for all the goods is divided by the quantity (none where that is not known).
    """
    told = 0
    if written_out := in_words(text):
        total, written, per, source = written_out
        currency = _CURRENCIES.get(written, "HKD" if written in ("港纸", "港紙") else "CNY")
        if not per and is_of_all(text, source.start, source.end):
            return (TargetPrice(total / quantity, currency, quantity_unit or "kg"), source) if quantity else None
        return _price(total, currency, _unit(per), quantity_unit), source
    for hit in _WITH_CURRENCY.finditer(text):
        since, told = told, hit.end()
        value = _scaled(hit["one"] or hit["two"], hit["scale1"] or hit["scale2"], lang)
        if not value:
            continue
        if _AND_A_HALF.match(text, hit.end()):
            value += 0.5
        written = (hit["before"] or hit["after"]).lower().rstrip(".")
        unit = _unit(hit["first"] or hit["unit"]) or (("pcs", 1.0) if hit["each"] else None)
        if unit is None and re.match(r"\s*+(?:off|discount|sample|deposit)", text[hit.end() :], re.IGNORECASE):
            continue
        if _OF_ANOTHER_TIME.search(_clause_about(text, since, *hit.span())):
            continue
        currency = _CURRENCIES.get(written, "USD")
        if unit is None and is_of_all(text, *hit.span()):
            if not quantity:
                continue
            return TargetPrice(value / quantity, currency, quantity_unit or "kg"), Source(*hit.span(), hit.group())
        if (most := _AT_MOST.match(text, hit.end())) and value < (
            highest := to_number(most["most"], lang) or 0
        ) < 2 * value:
            return _price(highest, currency, unit, quantity_unit), Source(
                hit.start(), most.end(), text[hit.start() : most.end()]
            )
        return _price(value, currency, unit, quantity_unit), Source(*hit.span(), hit.group())
    for hit in _BARE.finditer(text):
        if not (hit["unit"] or (hit["scale1"] and lang == "id")) or (hit["unit"] and not _is_per(hit.group())):
            continue
        if not hit["unit"] and _COUNTED.match(text, hit.end()):
            continue
        value = _scaled(hit["one"], hit["scale1"], lang)
        if value:
            currency = "IDR" if lang == "id" and value >= 1000 else "USD"
            currency = _CURRENCIES.get((hit["late"] or "").lower(), currency)
            most = _AT_MOST.match(text, hit.end())
            bound = to_number(most["most"], lang) if most else None
            if bound and value < bound < 2 * value:
                value = bound
            return _price(value, currency, _unit(hit["unit"]), quantity_unit), Source(*hit.span(), hit.group())
    return None


_AND_A_HALF = re.compile(r"\s?[块塊元蚊]?半(?![年月天吨噸公个個斤])")
# "50rb butir": so many thousand pieces
_COUNTED = re.compile(rf"\s?{UNIT}(?!\w)", re.IGNORECASE)
# "700美元/吨左右(最高850)", "target 3.20/kg, max 3.50": the bound is what counts
_AT_MOST = re.compile(
    rf"[\s左右上下约大概ca.]{{0,4}}[(（,，;；–-]?\s*+(?:absolute(?:ly)? |at |bis )?"
    rf"(?:max(?:imum|imal)?\.?|most|(?:no|not) (?:more than|above|over)|nicht (?:mehr als|über)|keinesfalls über|"
    rf"mehr als(?=[^,;.]{{2,12}}\b(?:geht|zahlen wir|ist) nicht)|tidak lebih dari|höchstens|allerhöchstens|"
    rf"maksimal|maks\.?|paling mahal|mentok|最高|最多|不超过|不超過|上限)\s*+:?\s*+(?:{_BEFORE})?\s*+(?P<most>{NUMBER})"
    rf"(?!\s*+(?:{UNIT}|%|days?|"
    r"tage|hari|weeks?|天|周))",
    re.IGNORECASE,
)

# "we had 1.35 last time", "bisher zahlen wir 3 EUR": what was paid is no bound on what will be
_OF_ANOTHER_TIME = re.compile(
    r"\b(?:last time|last order|last year|previously|so far|"
    r"(?:we|i) (?:had|paid|used to pay|have been paying|currently pay)|"
    r"bisher|zuletzt|letzte[sn]? (?:mal|jahr)|vorher|(?:wir|ich) (?:zahlten|hatten)|"
    r"sebelumnya|terakhir kali|dulu|kemarin|tahun lalu)\b|"
    r"上次|(?<![年月日号號底初末中旬周週天节節])(?:以前|之前)|去年|原来|原來|目前价|目前價",
    re.IGNORECASE,
)


_CLAUSE = re.compile(r"[.;,!?](?=\s|$)|[。；，！？\n]|(?<=[\u3400-\u9fff]),|,(?=[\u3400-\u9fff])")


def _clause_about(text: str, since: int, start: int, end: int) -> str:
    """The clause around a place, from ``since`` on; the dot or comma of a number ends none."""
    before = _CLAUSE.split(text[max(since, start - 80) : start])[-1]
    return before + text[start:end] + _CLAUSE.split(text[end : end + 40], maxsplit=1)[0]


def _is_per(words: str) -> bool:
    return bool(
        re.search(r"/|per |pro |je |每|(?:\d|rb|ribu|jt|juta)\s*+(?:an?\s|the\s|se|das\s|die\s)", words, re.IGNORECASE)
    )


_PLAUSIBLE_PER_KG = 400.0  # US dollars; dearer goods (bird's nest, luwak) are named with their unit


def _price(value: float, currency: str, unit: tuple[str, float] | None, quantity_unit: str | None) -> TargetPrice:
    if unit is not None:
        return TargetPrice(value / unit[1], currency, unit[0])
    base = quantity_unit or "kg"
    if base == "kg" and currency in ("USD", "EUR", "GBP") and value > _PLAUSIBLE_PER_KG:
        value /= 1000
    return TargetPrice(value, currency, base)


_LONE = re.compile(
    r"(?:,|;|\btgt|\btarget|@|\b(?:cif|cfr|fob|cnf)\s++\w+)\s*+(?P<number>\d{1,5}(?:[.,]\d{1,2})?)\s*+(?=[,;.]\s|"
    r"[.,;]?$|\s*+(?:fob|cif|cfr)\b)",
    re.IGNORECASE,
)


def read_lone_price(
    text: str, quantity_unit: str | None, taken: tuple[tuple[int, int], ...]
) -> tuple[TargetPrice, Source] | None:
    """A number that stands alone between commas, as brokers write ("15 MT, 3.6, Kobe"); US dollars are meant."""
    for hit in _LONE.finditer(text):
        start, end = hit.span("number")
        value = to_number(hit["number"])
        if value and all(end <= left or start >= right for left, right in taken):
            return _price(value, "USD", None, quantity_unit), Source(start, end, hit["number"])
    return None
