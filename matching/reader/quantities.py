"""How much a buyer wants: weights, volumes, pieces, containers, bags and pallets."""

import re
from dataclasses import dataclass

from matching.profile import Source
from matching.reader.numbers import NUMBER, NUMBER_WORDS, to_number

_KG = {
    "metric tons": 1000, "metric tonnes": 1000, "metric ton": 1000, "metric tonne": 1000, "tonnen": 1000,
    "tonne": 1000,
    "tonnes": 1000, "tons": 1000, "ton": 1000, "mts": 1000, "mt": 1000, "to": 1000, "t": 1000, "公吨": 1000, "吨": 1000,
    "公噸": 1000, "噸": 1000, "kilogramm": 1, "kilograms": 1, "kilogram": 1, "kilos": 1, "kilo": 1, "kgs": 1, "kg": 1,
    "公斤": 1, "千克": 1, "quintal": 100, "kuintal": 100, "kwintal": 100, "zentner": 50, "doppelzentner": 100,
    "斤": 0.5, "司斤": 0.6, "担": 50, "擔": 50, "kw": 100, "kwt": 100, "ztr": 50, "hundredweight": 50.8, "cwt": 50.8,
    "ons": 0.1, "metrische tonnen": 1000, "tn": 1000, "metriktonnen": 1000,
    "lbs": 0.4536, "lb": 0.4536, "pounds": 0.4536, "磅": 0.4536, "gram": 0.001, "grams": 0.001, "gramm": 0.001,
    "gr": 0.001,
    "g": 0.001, "克": 0.001,
}  # fmt: skip
_LITRE = {
    "litres": 1, "litre": 1, "liters": 1, "liter": 1, "ltr": 1, "l": 1, "升": 1, "公升": 1, "hl": 100,
    "hektoliter": 100,
    "gallons": 3.785, "gallon": 3.785,
}  # fmt: skip
_PIECES = {
    "pieces": 1, "piece": 1, "pcs": 1, "pc": 1, "units": 1, "unit": 1, "sets": 1, "set": 1, "pairs": 1, "pair": 1,
    "stück": 1, "stueck": 1, "stk": 1, "paar": 1, "buah": 1, "biji": 1, "lembar": 1, "potong": 1, "pasang": 1,
    "helai": 1,
    "botol": 1, "bottles": 1, "bottle": 1, "flaschen": 1, "jars": 1, "pouches": 1, "boxes": 1, "sachets": 1,
    "caps": 1, "cans": 1, "tins": 1, "dosen": 1, "batang": 1, "bungkus": 1, "bars": 1, "plates": 1, "rolls": 1, "塊": 1,
    "块": 1, "支": 1, "罐": 1, "枚": 1, "本": 1, "捲": 1, "卷": 1,
    "st": 1, "stck": 1, "bh": 1, "ea": 1, "nos": 1, "exemplare": 1, "ekor": 1, "eksemplar": 1,
    "kodi": 20, "lusin": 12, "dozen": 12, "dozens": 12, "doz": 12, "dz": 12, "dzn": 12, "dutzend": 12, "dtzd": 12,
    "losin": 12, "lsn": 12, "gross": 144, "個": 1, "个": 1, "件": 1, "只": 1, "隻": 1,
    "条": 1, "條": 1, "套": 1, "双": 1, "雙": 1, "瓶": 1, "把": 1, "张": 1, "張": 1, "顶": 1, "頂": 1, "盒": 1,
    "打": 12,
}  # fmt: skip
FACTORS = {**{k: ("kg", v) for k, v in _KG.items()}, **{k: ("litre", v) for k, v in _LITRE.items()}}
FACTORS.update({k: ("pcs", v) for k, v in _PIECES.items()})
_SCALES = {"k": 1e3, "tsd": 1e3, "ribu": 1e3, "rb": 1e3, "thousand": 1e3, "tausend": 1e3, "千": 1e3, "万": 1e4,
    "萬": 1e4,
           "juta": 1e6, "million": 1e6, "mio": 1e6, "百": 100}  # fmt: skip
_HAN_UNITS = "|".join(sorted((u for u in FACTORS if not u.isascii() and ord(u[0]) > 0x2E80), key=len, reverse=True))
_LATIN_UNITS = "|".join(sorted((re.escape(u) for u in FACTORS if ord(u[0]) < 0x2E80), key=len, reverse=True))
UNIT = rf"(?:(?:{_LATIN_UNITS})(?![^\W\d_])|{_HAN_UNITS})"
_SCALE = r"(?:(?:k|tsd|ribu|rb|thousand|tausend|juta|million|mio)\b\.?|[千万萬百])"
_AMOUNT = re.compile(
    rf"(?<![0-9A-Za-zÀ-ÿ/$€£¥])(?<!\d[.,])(?P<number>{NUMBER}|\b(?:{NUMBER_WORDS})\b|[一二两兩三四五六七八九十半])"
    rf"\s*(?P<scale>{_SCALE})?\s*(?:x\s*)?(?P<a>of a |a )?(?P<unit>{UNIT})",
    re.IGNORECASE,
)
_FEET = r"(?:'|’|′|-?ft\b|-?feet\b|-?foot\b|[- ]?fuß(?![^\W\d_])|[- ]?fuss\b|\s?kaki\b|尺|呎|英尺)"
_BOX = (
    r"(?:fcl|full container(?: load)?s?|container loads?|containers?|kontainer|vollcontainern?|货柜|貨櫃|集装箱|集裝箱|"
    r"整柜|整櫃|柜|櫃)(?![^\W\d_\u3400-\u9fff])"
)
_CONTAINER = re.compile(
    rf"(?:(?<![\w.,])|(?<=[\u3400-\u9fff]))(?:(?P<count>\d{{1,3}}|(?:{NUMBER_WORDS})(?=[\s\d-]|[个個尺]))"
    r"\s*(?:x|×|\*|个|個)?\s*)?"
    rf"(?:(?P<feet>20|40|45)\s*(?P<mark>{_FEET})?\s*(?P<kind>hc|hq|high cube|reefer|rf|gp|dv|dc|高|冷|冻|凍)?\s*"
    rf"(?P<word>{_BOX})?"
    rf"|(?P<bare>{_BOX})(?:\s*[(（]?\s*(?P<size>20|40|45)\s*(?:{_FEET}|hc\b))?"
    r"|(?P<named>小柜|小櫃|大柜|大櫃|高柜|高櫃))(?:\s*[x×]?\s*(?P<after>\d{1,2}|[一二两兩三四五])\s*[个個])?",
    re.IGNORECASE,
)
_LOADS = {"20": 19000.0, "40": 24000.0, "45": 25000.0, "小": 19000.0, "大": 24000.0, "高": 24000.0}
_PACKED = re.compile(
    rf"(?P<count>{NUMBER})\s*(?P<pack>bags?|sacks?|sack|säcke|saecke|karung|sak|drums?|fässer|jerrycans?|"
    rf"cartons?|ctns?|pallets?|paletten?|palet|fass|托|卡板|"
    rf"kartons?|kardus|dus|bales?|ballen|kanister|袋|包|桶|箱)\s*"
    rf"(?:x|×|à|a|@|of|je|isi|of about|each|[,，]?\s*每[袋包桶箱]|/)?\s*"
    rf"(?P<size>{NUMBER})\s*(?P<unit>{UNIT})",
    re.IGNORECASE,
)
_PACKED_SIZE_FIRST = re.compile(
    rf"(?P<count>\d{{1,4}})\s*(?:x|×|\*)\s*(?P<size>{NUMBER})\s*(?P<unit>{UNIT})", re.IGNORECASE
)
_WHOLE_LOADS = frozenset(
    {"fcl", "full container", "full container load", "container load", "整柜", "整櫃", "vollcontainer"}
)
# A number right before goods, with an adjective between at most: "2,000 handmade doormats".
_BEFORE_GOODS = re.compile(
    rf"(?<![0-9A-Za-z/$€£¥])(?<!\d[.,])(?P<number>{NUMBER})\s*(?P<scale>{_SCALE})?\s*(?:x\s*)?(?:[^\W\d_]{{3,}}[\s-])?$",
    re.IGNORECASE,
)
_MONTHLY = re.compile(
    r"\s*(?:each |every )?(?:/|per|a|every|pro|je|im|se|tiap|setiap)?\s*-?(?:month(?:ly)?|monat(?:lich)?|"
    r"bulan(?:an)?|月)",
    re.IGNORECASE,
)
_BEFORE_MONTHLY = re.compile(r"(?:monthly|monatlich|每月|per bulan|tiap bulan|月供|月需)\D{0,12}$", re.IGNORECASE)
_PACKING_AFTER = re.compile(
    r"\s*-?\s*(?:\w+\s)?(?:bags?|sacks?|säcken?|beuteln?|pouch(?:es)?|bottles?|blocks?|cartons?|papiersack|"
    r"tins?|jars?|"
    r"karung|kemasan|botol|karton|袋装|袋裝|袋|瓶装|瓶裝|裝|装|packs?|kanister|eimern?|gläsern?|dosen|drums?|oder|or|"
    r"jerrycans?)",
    re.IGNORECASE,
)
_PRICE_BEFORE = re.compile(r"(?:/|\bper|\bpro|\bje|@|每)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in kg, litre or pcs."""

    amount: float
    unit: str
    is_monthly: bool
    source: Source


def _amount(number: str, scale: str | None, unit: str, lang: str | None) -> tuple[float, str] | None:
    value = to_number(number, lang)
    if value is None:
        return None
    base, factor = FACTORS[unit.lower()]
    return value * _SCALES.get((scale or "").lower().rstrip("."), 1) * factor, base


def amount_of(number: str, unit: str, lang: str | None = None) -> float | None:
    """An amount in kg, litres or pieces, None if the number cannot be read."""
    value = _amount(number, None, unit, lang)
    return value[0] if value and value[0] > 0 else None


def _is_monthly(text: str, start: int, end: int) -> bool:
    return bool(_MONTHLY.match(text, end) or _BEFORE_MONTHLY.search(text[max(0, start - 24) : start]))


def _is_container(hit: re.Match[str]) -> bool:
    """Whether the words mean container loads: "2x20'", "40HC", "two containers", not a bare 20 or the word alone."""
    if hit["bare"]:
        return bool(hit["count"] or hit["after"] or hit["size"] or hit["bare"].lower() in _WHOLE_LOADS)
    return bool(hit["named"] or hit["word"] or hit["kind"] or (hit["feet"] and hit["mark"] and hit["count"])) or bool(
        hit["feet"] and hit["count"] and "x" in hit.group().lower()
    )


def read_quantity(
    text: str,
    lang: str | None = None,
    taken: tuple[tuple[int, int], ...] = (),
    countable: tuple[tuple[int, int], ...] = (),
) -> Quantity | None:
    """The quantity wanted, None when the text names none; ``taken`` spans (prices) are not looked at, ``countable``
    ones are goods that are sold by the piece ("2,000 doormats").

    Bags and containers are reckoned in kilograms (a 20-foot container at 19 t); sizes of packs are not quantities.
    """
    found: list[tuple[int, Quantity]] = []
    covered = list(taken)

    def is_free(start: int, end: int) -> bool:
        return all(end <= left or start >= right for left, right in covered)

    def add(rank: int, start: int, end: int, amount: float, unit: str) -> None:
        source = Source(start, end, text[start:end])
        found.append((rank, Quantity(amount, unit, _is_monthly(text, start, end), source)))
        covered.append((start, end))

    for hit in _PACKED.finditer(text):
        size = _amount(hit["size"], None, hit["unit"], lang)
        count = to_number(hit["count"], lang)
        if size and count and is_free(*hit.span()):
            add(1, *hit.span(), count * size[0], size[1])
    for hit in _PACKED_SIZE_FIRST.finditer(text):
        size = _amount(hit["size"], None, hit["unit"], lang)
        if size and size[0] >= 1 and is_free(*hit.span()):
            add(1, *hit.span(), float(hit["count"]) * size[0], size[1])
    containers = [each for each in _CONTAINER.finditer(text) if _is_container(each) and is_free(*each.span())]
    for hit in containers:
        count = to_number(hit["count"] or hit["after"] or "1") or 1.0
        if count <= 200:
            load = _LOADS[hit["feet"] or hit["size"] or (hit["named"] or "20")[0 if hit["named"] else slice(None)]]
            add(2, *hit.span(), count * load, "kg")
    for hit in _AMOUNT.finditer(text):
        start, end = hit.span()
        value = _amount(hit["number"], hit["scale"], hit["unit"], lang)
        if value is None or value[0] <= 0 or not is_free(start, end) or _PRICE_BEFORE.search(text[:start]):
            continue
        is_pack = value[1] != "pcs" and value[0] <= 60 and _PACKING_AFTER.match(text, end) is not None
        is_pack = is_pack or (value[1] == "kg" and value[0] < 1)
        add(3 if is_pack else 0 if value[1] != "pcs" else 1, start, end, *value)
    for start, _ in countable:
        before = _BEFORE_GOODS.search(text, max(0, start - 24), start)
        if before and is_free(*before.span()):
            count = to_number(before["number"], lang)
            if count and count >= 2:
                add(
                    1,
                    before.start("number"),
                    before.end("number"),
                    count * _SCALES.get((before["scale"] or "").lower(), 1),
                    "pcs",
                )
    usable = sorted((each for each in found if each[0] < 3), key=lambda each: (each[0], each[1].source.start))
    if not usable:
        return None
    best = usable[0][1]
    weights = [each for rank, each in usable if rank == 0]
    return max(weights, key=lambda each: each.amount) if len(weights) > 1 else best
