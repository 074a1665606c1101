"""What people type, read as a query. Never raises, whatever the text."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from search import conditions
from search.analysis import concept_closure, find_concepts, lexicon, remembered
from search.measures import MEASURES, Measure
from search.plan import GOODS
from search.query import MAX_TEXT, MAX_WORD_LENGTH, MAX_WORDS, Query, Understood
from search.schema import LANGUAGES

_ONLY_DOLLARS: Mapping[str, float] = {"USD": 1.0}
_NO_UNITS: Mapping[str, str] = {}
_USUAL_UNIT = "kg"
_MAX_CONDITIONS = 8
_YEARS = ("1900", "2099")


def parse(
    text: str,
    language: str = "en",
    *,
    day: date | None = None,
    rates: Mapping[str, float] = _ONLY_DOLLARS,
    plain: Collection[str] = (),
    measures: tuple[Measure, ...] = MEASURES,
    goods: Collection[str] = (),
    price_units: Mapping[str, str] = _NO_UNITS,
) -> Query:
    """A query with the words to match, and the conditions that the words state.

    ``plain`` names kinds of condition (``price``, ``cup_score``, ``incoterm``, ``hs`` …) that the person wants read
    as plain words. ``rates`` are US dollars for one unit of a currency. ``price_units`` says of goods and families in
    which unit they are priced (``OWN_UNIT``: each offer in its own; empty: some so, some otherwise). A price without a
    unit is one for the unit of the goods that the text names, or else of those of ``goods``, which are chosen already,
    or else for a kilogram.
    """
    known = language if language in LANGUAGES else "en"
    cleaned = clean(text)
    unit = "" if "price" in plain else _price_unit(cleaned, known, goods, price_units)
    found = _conditions(cleaned, known, rates, measures, unit)
    chosen = _without_overlap(each for each in found if each.name not in plain)[:_MAX_CONDITIONS]
    rest = _blanked(cleaned, [(each.start, each.start + len(each.surface)) for each in chosen])
    codes = [] if "hs" in plain else list(conditions.codes(rest, _headings()))[:_MAX_CONDITIONS]
    rest = _blanked(rest, [(start, end) for start, end, _ in codes])
    return Query(
        text=cleaned,
        words=" ".join(rest.split()),
        language=known,
        day=day,
        codes=tuple(dict.fromkeys(code for _, _, code in codes)),
        understood=tuple(chosen),
    )


def clean(text: str) -> str:
    """The text without control characters and lone surrogates, one space between words, cut to the allowed size."""
    text = text[: MAX_TEXT * 8]
    visible = text if text.isprintable() else "".join(_visible(character) for character in text)
    words = [word[:MAX_WORD_LENGTH] for word in visible.split()]
    return " ".join(words[: MAX_WORDS * 2])[:MAX_TEXT].strip()


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # zero-width joiners and direction marks part no words
        return ""
    return " " if category[0] == "C" or category in ("Zl", "Zp") else character


def _price_unit(text: str, language: str, chosen: Collection[str], units: Mapping[str, str]) -> str:
    """The unit that prices are for where the goods agree about it; nothing where they do not."""
    if not any(map(str.isdigit, text)):
        return ""
    named = [hit.concept for hit in find_concepts(text, language) if lexicon().kind(hit.concept) in GOODS]
    priced = {_unit_of(each, units) for each in named or chosen} or {_USUAL_UNIT}
    return conditions.unit_word(priced.pop(), language) if len(priced) == 1 else ""


def _unit_of(goods: str, units: Mapping[str, str]) -> str:
    """The unit of goods, or of the nearest broader ones that have one."""
    return next((units[each] for each in concept_closure(goods) if each in units), _USUAL_UNIT)


def _conditions(
    text: str, language: str, rates: Mapping[str, float], measures: tuple[Measure, ...], unit: str
) -> list[Understood]:
    return [
        *conditions.prices(text, language, rates, unit),
        *conditions.figures(text, language, measures),
        *conditions.incoterms(text),
        *conditions.quantities(text, language),
    ]


@remembered(1)
def _headings() -> frozenset[str]:
    """HS headings of goods that the thesaurus knows, but for those that may be years."""
    known = {code[:4] for concept in lexicon().concepts.values() for code in concept.hs}
    return frozenset(heading for heading in known if not _YEARS[0] <= heading <= _YEARS[1])


def _without_overlap(found: Iterable[Understood]) -> list[Understood]:
    """The first reading of each stretch of text, in reading order; of one kind the first counts."""
    kept: dict[str, Understood] = {}
    taken: list[tuple[int, int]] = []
    for each in found:
        start, end = each.start, each.start + len(each.surface)
        if each.name not in kept and all(end <= a or start >= b for a, b in taken):
            kept[each.name] = each
            taken.append((start, end))
    return sorted(kept.values(), key=lambda each: each.start)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
