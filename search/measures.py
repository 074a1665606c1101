"""What people put numbers to in a search, in five languages: labels, comparisons, currencies and units."""

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a product: its field, the words for it (lower case), whether a bare number means at least,
    and the units that may follow it with their factors."""

    name: str
    field: str
    labels: tuple[str, ...]
    means_at_least: bool
    units: dict[str, float] = dataclasses.field(default_factory=dict)
    needs_unit: bool = False
    telling_units: tuple[str, ...] = ()  # these say what is measured without a label


_PERCENT = {"%": 1.0, "percent": 1.0, "persen": 1.0, "prozent": 1.0, "％": 1.0}
_DAYS = {
    "days": 1.0, "day": 1.0, "hari": 1.0, "tage": 1.0, "tag": 1.0, "tagen": 1.0, "天": 1.0, "日": 1.0,
    "weeks": 7.0, "week": 7.0, "minggu": 7.0, "wochen": 7.0, "woche": 7.0, "周": 7.0, "週": 7.0,
}  # fmt: skip
MASSES = {
    "kg": 1.0, "kgs": 1.0, "kilo": 1.0, "kilogram": 1.0, "kilogramm": 1.0, "公斤": 1.0, "千克": 1.0,
    "t": 1000.0, "mt": 1000.0, "ton": 1000.0, "tons": 1000.0, "tonne": 1000.0, "tonnes": 1000.0, "tonnen": 1000.0,
    "吨": 1000.0, "噸": 1000.0, "lb": 0.45359237, "lbs": 0.45359237, "pound": 0.45359237, "磅": 0.45359237,
    "kuintal": 100.0, "g": 0.001, "gram": 0.001,
}  # fmt: skip
PIECES = {"piece", "pieces", "pc", "pcs", "unit", "buah", "biji", "stück", "stueck", "stk", "件", "个", "個"}
VOLUMES = {
    "l": 1.0, "ltr": 1.0, "litre": 1.0, "litres": 1.0, "liter": 1.0, "liters": 1.0, "litern": 1.0,
    "升": 1.0, "公升": 1.0, "ml": 0.001,
}  # fmt: skip
PIECE_IN = {"en": "piece", "id": "buah", "de": "Stück", "zh_Hans": "件", "zh_Hant": "件"}
LITRE_IN = {"en": "litre", "id": "liter", "de": "Liter", "zh_Hans": "升", "zh_Hant": "升"}
OWN_UNIT = "own"  # of goods that are sold by the metre or the pouch: each offer in its own unit
CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD", "美金": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "欧元": "EUR", "歐元": "EUR",
    "£": "GBP", "gbp": "GBP", "英镑": "GBP", "英鎊": "GBP",
    "rp": "IDR", "rp.": "IDR", "idr": "IDR", "rupiah": "IDR", "印尼盾": "IDR",
    "¥": "CNY", "cny": "CNY", "rmb": "CNY", "元": "CNY", "人民币": "CNY", "人民幣": "CNY",
    "hk$": "HKD", "hkd": "HKD", "港元": "HKD", "港币": "HKD", "港幣": "HKD",
}  # fmt: skip
SCALES = {
    "k": 1e3, "rb": 1e3, "ribu": 1e3, "tsd": 1e3, "tausend": 1e3, "thousand": 1e3, "千": 1e3, "百": 1e2,
    "万": 1e4, "萬": 1e4, "jt": 1e6, "juta": 1e6, "mio": 1e6, "million": 1e6, "millionen": 1e6, "亿": 1e8, "億": 1e8,
}  # fmt: skip

AT_MOST = (
    "less than", "cheaper than", "no more than", "not more than", "up to", "at most", "maximum", "max.", "max",
    "under", "below", "di bawah", "dibawah", "kurang dari", "tidak lebih dari", "maksimal", "maksimum", "maks.", "maks",
    "paling banyak", "hingga", "sampai", "unter", "bis zu", "bis", "höchstens", "hoechstens", "maximal",
    "weniger als", "不超过", "不超過", "低于", "低於", "少于", "少於", "小于", "小於", "最多", "≤", "<=", "＜", "<",
)  # fmt: skip
AT_LEAST = (
    "more than", "no less than", "not less than", "at least", "minimum", "min.", "min", "above", "over", "from",
    "di atas", "diatas", "lebih dari", "minimal", "paling sedikit", "mulai", "über", "ueber", "mindestens", "mindest.",
    "mind.", "mind", "mehr als", "ab", "不低于", "不低於", "不少于", "不少於", "高于", "高於", "大于", "大於",
    "超过", "超過", "至少", "≥", ">=", "＞", ">",
)  # fmt: skip
# Said after the number.
AFTER_AT_MOST = ("or less", "or below", "atau kurang", "oder weniger", "以下", "以内", "以內")
AFTER_AT_LEAST = ("or more", "or above", "and above", "ke atas", "atau lebih", "oder mehr", "以上", "+")

MEASURES = (
    Measure(
        "cup_score",
        "spec.cup_score",
        ("cup score", "cupping score", "sca score", "score", "skor cangkir", "skor cupping", "nilai cupping", "skor",
         "cup-score", "cupping-punkte", "sca-punkte", "杯测分数", "杯測分數", "杯测分", "杯測分", "杯测", "杯測"),
        means_at_least=True,
        units={"points": 1.0, "point": 1.0, "pts": 1.0, "poin": 1.0, "punkte": 1.0, "分": 1.0},
        telling_units=("points", "pts", "poin", "punkte", "分"),
    ),
    Measure(
        "moisture",
        "spec.moisture_pct",
        ("moisture", "moisture content", "kadar air", "feuchtigkeit", "feuchte", "restfeuchte", "wassergehalt", "水分",
         "水份", "含水率", "含水量"),
        means_at_least=False,
        units=_PERCENT,
    ),
    Measure(
        "ash",
        "spec.ash_pct",
        ("ash content", "ash", "kadar abu", "aschegehalt", "asche", "灰分"),
        means_at_least=False,
        units=_PERCENT,
    ),
    Measure(
        "altitude",
        "spec.altitude_masl",
        ("altitude", "elevation", "ketinggian", "anbauhöhe", "höhe", "海拔"),
        means_at_least=True,
        units={"masl": 1.0, "mdpl": 1.0, "m": 1.0, "metres": 1.0, "meter": 1.0, "米": 1.0},
    ),
    Measure(
        "lead_time",
        "lead_days",
        ("lead time", "delivery time", "waktu pengerjaan", "waktu produksi", "lieferzeit", "vorlaufzeit", "交货期",
         "交貨期", "交期"),
        means_at_least=False,
        units=_DAYS,
        needs_unit=True,
    ),
    Measure(
        "moq",
        "moq_kg",
        ("moq", "minimum order", "min order", "minimal order", "pesanan minimum", "mindestmenge", "mindestbestellmenge",
         "mindestabnahme", "最低起订量", "最低起訂量", "最小起订量", "最小起訂量", "起订量", "起訂量"),
        means_at_least=False,
        units=MASSES,
        needs_unit=True,
    ),
    Measure(
        "capacity",
        "capacity_kg",
        ("capacity", "kapasitas", "kapazität", "产能", "產能"),
        means_at_least=True,
        units=MASSES,
        needs_unit=True,
    ),
)  # fmt: skip

INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
