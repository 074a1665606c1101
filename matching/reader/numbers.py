"""Numbers as trade people of five languages write them."""

import re

# 1,234.5  1.234,5  1 234  1'234  20k  2,5 (never crossing into letters)
NUMBER = r"\d{1,3}(?:[.,'\u00a0 ]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,18}(?!\d)(?:[.,]\d{1,18})?"
_WORDS = {
    "half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "dozen": 12,
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sepuluh": 10,
    "setengah": 0.5, "se": 1,
    "ein": 1, "eine": 1, "einem": 1, "einen": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "halbe": 0.5, "halben": 0.5,
    "anderthalb": 1.5, "eineinhalb": 1.5, "zweieinhalb": 2.5, "dreieinhalb": 3.5,
    "一": 1, "两": 2, "兩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    "半": 0.5,
}  # fmt: skip
NUMBER_WORDS = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))
_GROUPED = re.compile(r"\d{1,3}(?:[.,'\u00a0 ]\d{3})+$")


def to_number(text: str, lang: str | None = None) -> float | None:
    """The value of one written number, None if it is none; ``lang`` decides between 1.500 and 1.5 where both may be."""
    text = text.strip()
    lowered = text.lower()
    if lowered in _WORDS:
        return float(_WORDS[lowered])
    cleaned = re.sub(r"['\u00a0 ]", "", text)
    if not re.fullmatch(r"[\d.,]+", cleaned) or len(cleaned) > 18:
        return None
    last_dot, last_comma = cleaned.rfind("."), cleaned.rfind(",")
    if last_dot >= 0 and last_comma >= 0:
        decimal = "." if last_dot > last_comma else ","
        cleaned = cleaned.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif last_dot >= 0 or last_comma >= 0:
        mark = "." if last_dot >= 0 else ","
        grouped = bool(_GROUPED.match(cleaned))
        is_thousands = grouped and (cleaned.count(mark) > 1 or _groups_by(mark, lang))
        cleaned = cleaned.replace(mark, "" if is_thousands else ".")
    try:
        return float(cleaned)
    except ValueError:
        return None


def _groups_by(mark: str, lang: str | None) -> bool:
    """Whether a lone mark before three digits parts thousands: a comma in English and Chinese, a dot elsewhere."""
    if lang in ("de", "id"):
        return mark == "."
    return mark == ","
