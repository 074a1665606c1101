"""Figures that goods must keep: moisture at most 12 %, eugenol from 75 % up, 84 cupping points."""

import re
from collections.abc import Iterable, Sequence

from matching.profile import Limit, Source
from matching.reader.numbers import to_number
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

CUP_SCORE, SPECIALTY = "figure/cup-score", 80
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_MOST = (
    r"max(?:imum|imal)?\b\.?|maks(?:imal)?\b\.?|höchstens|unter|below|under|less than|not more than|up to|bis(?: zu)?|"
)
_MOST += r"di bawah|<=?|≤|不超过|不超過|低于|低於|小于"
_LEAST = r"min(?:imum|imal|d|destens|im)?\b\.?|at least|above|over|more than|from|ab|über|"
_LEAST += r"di atas|>=?|≥|不低于|不低於|大于|高于"
_UNIT = r"\s*+(?:%|‰|ppm|mesh|目|°?\s?bx\b|g/cm2)?"
_RANGE = rf"(?P<first>{_NUMBER}){_UNIT}(?:\s*+(?:-|–|to|bis|sampai|~|至)\s*+(?P<last>{_NUMBER}){_UNIT})?"
_UPWARDS = r"(?P<up>\s*+\+|\s*+(?:以上|up\b|or more|keatas|ke atas|min\b|mind?\b))?"
_DOWNWARDS = r"(?P<down>\s*+(?:以下|以内|以內|之内|max\b|maks?\b|or less))?"
_AFTER = re.compile(
    r"\s*+(?:content|level|value|gehalt|score|kadar|含量|度|量|率)?\s*+[:=(]?\s*+(?:of |is |von |ist |adalah )?"
    rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))?\s*+(?<![\d.,]){_RANGE}{_UPWARDS}{_DOWNWARDS}",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))?\s*+(?<![\d.,/x×*$€]){_RANGE}(?P<up>\s*+\+)?(?P<down>)\s*+$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"^\s*+(?:kg|t|mt|tons?|tonnen?|吨|噸|公斤|pcs|x|×|[./]\d)", re.IGNORECASE)


def limits_in(text: str, hits: Iterable[ConceptHit], lexicon: Lexicon) -> list[Limit]:
    """Every figure of a text with its bound, as far as its name is known; the first mention of a figure counts."""
    found: dict[str, Limit] = {}
    for hit in hits:
        facts = lexicon.concepts[hit.concept].facts if hit.concept in lexicon.concepts else {}
        usual = facts.get("figure")
        if not usual or hit.concept in found:
            continue
        after = _AFTER.match(text, hit.end)
        if after and _COUNTED.match(text[after.end() :]):
            after = None
        before = None if after else _BEFORE.search(text, max(0, hit.start - 24), hit.start)
        read = after or before
        if read is None:
            continue
        limit = _limit(hit, read, usual, text, float(facts.get("top", "100")))
        if limit:
            found[hit.concept] = limit
    return list(found.values())


def _limit(hit: ConceptHit, read: re.Match[str], usual: str, text: str, top: float) -> Limit | None:
    bound = "most" if read["most"] or read["down"] else "least" if read["least"] or read["up"] else usual
    numbers = [each for each in (to_number(read["first"]), to_number(read["last"] or "")) if each is not None]
    if not numbers or not 0 < max(numbers) <= top:
        return None
    start, end = min(hit.start, read.start()), max(hit.end, read.end())
    value = max(numbers) if bound == "most" else min(numbers)
    return Limit(hit.concept, bound, value, Source(start, end, text[start:end].strip()))


def figures_in(texts: Sequence[str], lang: str | None, lexicon: Lexicon) -> dict[str, float]:
    """What an offer says of itself: figure to value."""
    found: dict[str, float] = {}
    for text in texts:
        if any(each.isdigit() for each in text):
            for limit in limits_in(text, lexicon.find(text, lang), lexicon):
                found.setdefault(limit.figure, limit.value)
    return found


def is_most(figure: str, lexicon: Lexicon) -> bool:
    """Whether less of it is better, so that a bound on it means "at most"."""
    concept = lexicon.concepts.get(figure)
    return concept is not None and concept.facts.get("figure") == "most"


def keeps(limit: Limit, value: float) -> bool:
    """Whether a figure is within its bound."""
    return value <= limit.value + 1e-9 if limit.bound == "most" else value >= limit.value - 1e-9
