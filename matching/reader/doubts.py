"""What cannot be meant: amounts beyond everything, negative ones, years that nobody plans for, and contradictions.

The reader leaves such words out, or takes the nearest sense; whoever shows a reading says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matching.profile import RequestProfile, Source, Understood
from matching.reader.dates import MONTH
from matching.reader.quantities import quantities_in
from matching.reader.units import SCALE, UNIT

CONTRADICTION, OPPOSITES, AMOUNT, MINUS, YEAR = "contradiction", "opposites", "amount", "minus", "year"
MOST = 1e12
"""No amount in kg, litres or pieces, and no price, is as large."""
_LAST_YEAR = 2099
_YEARS_AHEAD = 10
_MOST_TOLD = 8
# "10^12 t", "10**12 t", "1e12 t", "10¹² t", and more digits than any number has that is read
_POWER = re.compile(
    rf"(?<![\w.,])(?:\d{{1,18}}(?:[.,]\d{{1,9}})?(?:\s?(?:\^|\*\*)\s?\d{{1,9}}|e\+?\d{{1,3}}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,9}})|\d{{16,400}})"
    rf"\s*+(?:{SCALE})?\s*+{UNIT}",
    re.IGNORECASE,
)
_DAY = r"(?:(?<!\d)\d{1,2}(?:st|nd|rd|th|\.)?\s?(?:of\s)?)?"
_FAR = re.compile(
    rf"{_DAY}\b(?:{MONTH})\b\.?,?\s?(?P<named>\d{{4,6}})(?=\s{{0,9}}(?:[.,;:!?)\n]|$))|"
    r"(?<![\w.])\d{1,2}(?P<mark>[./])\d{1,2}(?P=mark)(?P<last>\d{4,6})(?!\d)|"
    r"(?<![\w.-])(?P<first>\d{4,6})-\d{1,2}-\d{1,2}(?![\d-])|"
    rf"\b(?:year|jahr|tahun)\s(?P<alone>\d{{4,6}})(?![\d.,])(?!\s*+{UNIT})|"
    r"(?<!\d)(?P<han>\d{4,6})\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号號])?)?",
    re.IGNORECASE,
)
_YEARS = ("named", "last", "first", "alone", "han")
# a minus with nothing but a mark before it; "arabica -5 t" may be a dash
_MINUS = re.compile(r"(?:(?:^|[\n:;(=,@])[ \t]{0,9}[-−\u2013]|\bminus[ \t])$", re.IGNORECASE)
_ITEM = re.compile(r"^[ \t]{0,9}[-−\u2013]", re.MULTILINE)
_EXCLUDED_BY = {("certificate", "organic"): ("attribute", "conventional")}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that cannot be meant, with the buyer's words: two of them where they contradict each other.

    ``contradiction`` is the same thing wanted and unwanted, ``opposites`` are two musts that exclude each other;
    ``amount`` and ``year`` were left out of the reading, ``minus`` was read without its sign.
    """

    code: str
    words: tuple[str, ...]


def without_impossible(text: str) -> str:
    """A text of the same length without amounts and days that cannot be: their tails would be read as others."""
    spans = [*(hit.span() for hit in _POWER.finditer(text)), *_far(text, _LAST_YEAR)]
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def doubts_of(request: RequestProfile) -> tuple[Doubt, ...]:
    """What a buyer should look at again, contradictions first; nothing twice, and nothing that was settled since."""
    text = request.text
    last = min(_LAST_YEAR, request.posted.year + _YEARS_AHEAD) if request.posted else _LAST_YEAR
    amounts = [hit.group() for hit in _POWER.finditer(text)]
    read = quantities_in(without_impossible(text), request.lang)
    amounts += [each.source.text for each in read if each.amount >= MOST]
    far = [] if request.deadline else [text[start:end] for start, end in _far(text, last)]
    found = [
        *(each for line in request.lines or (request,) for each in _contradictions(line.understood)),
        *(Doubt(AMOUNT, (each.strip(),)) for each in amounts if not request.quantity),
        *(Doubt(MINUS, (words,)) for words in _negative(request)),
        *(Doubt(YEAR, (each.strip(),)) for each in far),
    ]
    return tuple(dict.fromkeys(found))[:_MOST_TOLD]


def _far(text: str, last: int) -> Iterator[tuple[int, int]]:
    """Where days of years after the last one stand."""
    for hit in _FAR.finditer(text):
        if any(hit[name] and int(hit[name]) > last for name in _YEARS):
            yield hit.span()


def _contradictions(understood: tuple[Understood, ...]) -> Iterator[Doubt]:
    """What is wanted and unwanted, or cannot be had together, each in the buyer's words."""
    said = [each for each in understood if each.source.text]
    unwanted = {(each.kind, each.value): each for each in said if each.stance == "excluded"}
    musts = {(each.kind, each.value): each for each in said if each.stance == "required"}
    for key, must in musts.items():
        refused, opposite = unwanted.get(key), musts.get(_EXCLUDED_BY.get(key, ("", "")))
        if refused is not None and _says_the_same(must.source, refused.source):
            yield Doubt(CONTRADICTION, (must.source.text.strip(),))
        elif opposite is not None:
            yield Doubt(OPPOSITES, (must.source.text.strip(), opposite.source.text.strip()))


def _says_the_same(one: Source, other: Source) -> bool:
    """Whether two places say one thing in the same words: "no broken cashews, WW320 only" does not."""
    words, others = one.text.strip().casefold(), other.text.strip().casefold()
    return one != other and (words in others or others in words)


def _negative(request: RequestProfile) -> Iterator[str]:
    """Amounts and prices that were read without the minus before them, which lists have before all their items."""
    if len(_ITEM.findall(request.text)) > 1:
        return
    for each in request.understood:
        start = each.source.start
        if each.kind in ("quantity", "price") and each.source.text:
            before = _MINUS.search(request.text[max(0, start - 12) : start])
            if before:
                yield before.group().lstrip("\n:;(=,@ \t") + each.source.text.strip()
