"""Weights, volumes and pieces as trade people name them, in kg, litres and pieces."""

import re
from collections.abc import Mapping

from matching.reader.numbers import to_number

_KG = {
    "metric tons": 1000, "metric tonnes": 1000, "metric ton": 1000, "metric tonne": 1000, "tonnen": 1000,
    "tonne": 1000,
    "tonnes": 1000, "tons": 1000, "ton": 1000, "mts": 1000, "mt": 1000, "mtpa": 1000, "tpa": 1000,
    "mtpy": 1000, "tpy": 1000, "tpm": 1000, "to": 1000, "t": 1000, "公吨": 1000, "吨": 1000,
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
    "helai": 1, "butir": 1,
    "botol": 1, "bottles": 1, "bottle": 1, "flaschen": 1, "jars": 1, "pouches": 1, "boxes": 1, "sachets": 1,
    "caps": 1, "cans": 1, "tins": 1, "dosen": 1, "batang": 1, "bungkus": 1, "bars": 1, "plates": 1, "rolls": 1, "塊": 1,
    "块": 1, "支": 1, "罐": 1, "枚": 1, "本": 1, "捲": 1, "卷": 1,
    "st": 1, "stck": 1, "bh": 1, "ea": 1, "nos": 1, "exemplare": 1, "ekor": 1, "eksemplar": 1,
    "kodi": 20, "lusin": 12, "dozen": 12, "dozens": 12, "doz": 12, "dz": 12, "dzn": 12, "dutzend": 12, "dtzd": 12,
    "losin": 12, "lsn": 12, "gross": 144, "gros": 144, "個": 1, "个": 1, "件": 1, "只": 1, "隻": 1,
    "条": 1, "條": 1, "套": 1, "双": 1, "雙": 1, "瓶": 1, "把": 1, "张": 1, "張": 1, "顶": 1, "頂": 1, "盒": 1,
    "打": 12, "包": 1, "袋": 1, "btl": 1, "lbr": 1, "dus": 1, "bks": 1, "pak": 1, "packs": 1, "packets": 1, "tubes": 1,
    "blatt": 1, "blätter": 1, "päckchen": 1, "packungen": 1, "tüten": 1, "gläser": 1, "stel": 1, "setel": 1,
    "strings": 1, "strands": 1, "untai": 1, "stränge": 1, "串": 1,
}  # fmt: skip
_MEASURED: Mapping[str, Mapping[str, float]] = {
    "metre": {
        "metres": 1, "metre": 1, "meters": 1, "meter": 1, "mtrs": 1, "mtr": 1, "laufmeter": 1, "lfm": 1,
        "yards": 0.9144, "yard": 0.9144, "yds": 0.9144, "yd": 0.9144, "米": 1, "公尺": 1, "码": 0.9144, "碼": 0.9144,
    },
    "m2": {
        "m²": 1, "m2": 1, "sqm": 1, "qm": 1, "quadratmeter": 1, "square metres": 1, "square meters": 1,
        "square metre": 1, "square meter": 1, "meter persegi": 1, "sqft": 0.0929, "sq ft": 0.0929,
        "square feet": 0.0929, "平方米": 1, "平米": 1, "平方公尺": 1,
    },
    "m3": {
        "m³": 1, "m3": 1, "cbm": 1, "kubikmeter": 1, "cubic metres": 1, "cubic meters": 1, "cubic metre": 1,
        "cubic meter": 1, "meter kubik": 1, "kubik": 1, "立方米": 1, "立方": 1, "立方公尺": 1,
    },
}  # fmt: skip
FACTORS = {**{k: ("kg", v) for k, v in _KG.items()}, **{k: ("litre", v) for k, v in _LITRE.items()}}
FACTORS.update({k: ("pcs", v) for k, v in _PIECES.items()})
FACTORS.update({k: (base, v) for base, names in _MEASURED.items() for k, v in names.items()})
SCALES = {"k": 1e3, "tsd": 1e3, "ribu": 1e3, "rb": 1e3, "thousand": 1e3, "tausend": 1e3, "千": 1e3, "万": 1e4,
    "萬": 1e4,
           "juta": 1e6, "million": 1e6, "mio": 1e6, "百": 100}  # fmt: skip
_HAN_NAMES = sorted((u for u in FACTORS if not u.isascii() and ord(u[0]) > 0x2E80), key=len, reverse=True)
# the 米 of 100米袋 is rice and no metre
_HAN_UNITS = "|".join(u + ("(?![袋饭飯粉糠线線面麵粒浆漿])" if u == "米" else "") for u in _HAN_NAMES)
# the "to" of "5 to Nelken" are tonnes, that of "500 to 600 kg" and "two to three" is none
_NO_RANGE = r"(?!\s*+[\d$€£¥]|\s++(?:one|two|three|four|five|six|seven|eight|nine|ten|half|an?|about|around|max\w*)\b)"
_LATIN_NAMES = sorted((u for u in FACTORS if ord(u[0]) < 0x2E80), key=len, reverse=True)
_LATIN_UNITS = "|".join(re.escape(u) + (_NO_RANGE if u == "to" else "") for u in _LATIN_NAMES)
UNIT = rf"(?:(?:{_LATIN_UNITS})(?![^\W\d_])|{_HAN_UNITS})"
SCALE = r"(?:(?:k|tsd|ribu|rb|thousand|tausend|juta|million|mio)\b\.?|[千万萬百])"


def scaled_amount(number: str, scale: str | None, unit: str, lang: str | None) -> tuple[float, str] | None:
    """An amount in a base unit with that unit, None if the number cannot be read."""
    value = to_number(number, lang)
    if value is None:
        return None
    base, factor = FACTORS[unit.lower()]
    return value * SCALES.get((scale or "").lower().rstrip("."), 1) * factor, base


def amount_of(number: str, unit: str, lang: str | None = None) -> float | None:
    """An amount in kg, litres or pieces, None if the number cannot be read."""
    value = scaled_amount(number, None, unit, lang)
    return value[0] if value and value[0] > 0 else None
