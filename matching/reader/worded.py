"""Numbers in words turned into figures without moving anything: three hundred, achthundert, dua puluh lima, 二十吨."""

import re

from matching.reader.cues import Cued
from matching.reader.units import UNIT

_EN = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_ID = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_DE = {
    "ein": 1, "eine": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40,
    "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_HAN = {han: value for value, han in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "〇": 0}
_HAN_STEPS = {"十": 10, "百": 100, "千": 1000}
_ENGLISH_WORD = rf"(?:a(?=[\s-]{{1,2}}(?:hundred|thousand))|{'|'.join(_EN)}|hundred|thousand)"
_ENGLISH = Cued(
    rf"(?<![^\W_]){_ENGLISH_WORD}(?:(?:-|\s{{1,2}}(?:and\s{{1,2}})?){_ENGLISH_WORD}){{0,8}}(?![^\W_])",
    ("hundred", "thousand", "teen", "eleven", "twen", "thir", "fort", "fift", "sixt", "seventy", "eighty", "ninety"),
)
_INDONESIAN_WORD = rf"(?:{'|'.join(_ID)}|seratus|seribu|belas|puluh|ratus|ribu)"
_INDONESIAN = Cued(
    rf"(?<![^\W_]){_INDONESIAN_WORD}(?:\s{{1,2}}{_INDONESIAN_WORD}){{0,8}}(?![^\W_])",
    ("belas", "puluh", "ratus", "ribu"),
)
_GERMAN = Cued(
    rf"(?<![^\W_])(?:{'|'.join(sorted(_DE, key=len, reverse=True))}|und|hundert|tausend){{2,9}}(?![^\W_])|"
    r"(?<![^\W_])(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|fünfzehn|hundert|elf)(?![^\W_])",
    ("hundert", "tausend", "zig", "ßig", "zehn", "elf"),
)
_ARTICLES = {"one", "satu", "ein", "eine"}
_SMALL_SUMS = Cued(
    rf"(?<![^\W_])(?P<word>{'|'.join(sorted({*_EN, *_ID, *_DE} - _ARTICLES, key=len, reverse=True))})"
    r"(?=\s(?:us\s)?(?:dollars?|dolar|bucks|euros?|ringgit|yuan|usd|eur|pounds sterling)(?![^\W_]))",
    ("dol", "euro", "bucks", "ringgit", "yuan", "usd", "eur", "pounds"),
)
_COUNTED = rf"[个個包袋箱桶月日天号號周週星年尺呎柜櫃元蚊目次]|{UNIT}|美|港|欧|歐"
_CHINESE = Cued(rf"(?<![十百千万萬第])[零〇一二两兩三四五六七八九十百千]{{2,9}}(?=\s?(?:{_COUNTED}))", "十百千")


def _english(words: str) -> int | None:
    total, part = 0, 0
    for word in re.split(r"[-\s]+", words.lower()):
        if word in ("and", ""):
            continue
        if word in ("hundred", "thousand"):
            if not part:
                return None
            part *= 100 if word == "hundred" else 1000
            if word == "thousand":
                total, part = total + part, 0
        else:
            value, rest = _EN.get(word, 1), part % 100
            if rest and (rest < 20 or rest % 10 or value >= 10):
                return None  # nineteen eighty-four, five six: two numbers
            part += value
    return total + part


def _indonesian(words: str) -> int | None:
    total, part, digit = 0, 0, 0
    for word in words.lower().split():
        if word in ("seratus", "seribu"):
            part, digit = (part + 100, 0) if word == "seratus" else (part + 1000, 0)
        elif word == "belas":
            part, digit = part + 10 + digit, 0
        elif word in ("puluh", "ratus"):
            part, digit = part + digit * (10 if word == "puluh" else 100), 0
        elif word == "ribu":
            total, part, digit = total + (part + digit) * 1000, 0, 0
        else:
            part, digit = part + digit, _ID[word]
    return total + part + digit


def _german(words: str) -> int | None:
    left, total = words.lower(), 0
    for step, factor in (("tausend", 1000), ("hundert", 100)):
        before, found, after = left.partition(step)
        if found:
            value = _small(before) if before else 1
            if step == "tausend" and value is None and "hundert" in before:
                value = _german(before)
            if value is None:
                return None
            total, left = total + value * factor, after.removeprefix("und")
    rest = _small(left) if left else 0
    return None if rest is None else total + rest


def _small(word: str) -> int | None:
    """A German number below a hundred; None for what is none, as a row of numerals."""
    one, joined, ten = word.partition("und")
    if joined:
        return _DE[one] + _DE[ten] if one in _DE and ten in _DE and _DE[one] < 10 <= _DE[ten] else None
    return _DE.get(word)


def _chinese(words: str) -> int | None:
    total, digit = 0, 0
    for letter in words:
        if letter in _HAN:
            if digit:
                return None  # 二三十: from twenty to thirty
            digit = _HAN[letter]
        else:
            total, digit = total + (digit or 1) * _HAN_STEPS[letter], 0
    return total + digit


def figure_of(words: str) -> int | None:
    """The value of a Chinese number below ten thousand ("一百二十", also a bare 百); None for what is none."""
    if not words or not set(words) <= {*_HAN, *_HAN_STEPS}:
        return None
    return _chinese(words) or None


_WAYS = ((_ENGLISH, _english), (_INDONESIAN, _indonesian), (_GERMAN, _german), (_CHINESE, _chinese))
_LEAST, _MOST = 11, 10**9


Spans = list[tuple[int, int]]


def in_figures(text: str) -> tuple[str, Spans]:
    """The text with numbers of eleven and more in figures, filled up with blanks before them: as long as it was; and
    where they stand.

    Where the figures are longer than the words (两千) these stay, as do "a hundred per cent" and smaller numbers, which
    the patterns read themselves; of sums of money any number is put into figures.
    """
    spans: Spans = []
    for pattern, value_of in _WAYS:
        for hit in list(pattern.finditer(text)):
            words = hit.group().rstrip()
            value = value_of(words)
            if value is None or not _LEAST <= value < _MOST or len(str(value)) > len(words):
                continue
            spans.append((hit.start(), hit.start() + len(words)))
            text = text[: hit.start()] + str(value).rjust(len(words)) + text[hit.start() + len(words) :]
    for hit in list(_SMALL_SUMS.finditer(text)):
        word = hit["word"].lower()
        value = next(names[word] for names in (_EN, _ID, _DE) if word in names)
        spans.append(hit.span("word"))
        text = text[: hit.start()] + str(value).rjust(len(word)) + text[hit.end("word") :]
    return text, spans
