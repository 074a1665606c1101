"""Reads conditions out of what people type: prices, figures, Incoterms and HS codes."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache

from search import numerals
from search.measures import (
    AFTER_AT_LEAST,
    AFTER_AT_MOST,
    AT_LEAST,
    AT_MOST,
    CURRENCIES,
    INCOTERMS,
    LITRE_IN,
    MASSES,
    OWN_UNIT,
    PIECE_IN,
    PIECES,
    SCALES,
    VOLUMES,
    Measure,
)
from search.other_sums import is_of_something_else
from search.query import KeywordFilter, NumberFilter, Understood

# Short words of other languages that are also Incoterms count only in capitals.
_CAPITALS_ONLY = frozenset({"FAS", "CIP", "CPT", "DPU"})
_INCOTERM = re.compile(rf"(?<![\w-])({'|'.join(INCOTERMS).lower()})(?![\w-])")
_HS = re.compile(
    r"(?<![\w.,])(?:(?P<mark>hs(?:[ -]?codes?|[ -]?kode)?|kode hs|hs[- ]?编码|hs[- ]?編碼)[ :.]*)?"
    r"(?P<code>\d{4}(?:[. ]?\d{2}){1,3}|\d{4}|\d{2})(?![\w.,]\d|\d)"
)
_LAST_CHAPTER = 97


def _one_of(names: Iterable[str]) -> str:
    """A pattern for any of ``names``: the longest first; those made of letters end where the word ends."""
    made = []
    for name in sorted(set(names), key=lambda each: (-len(each), each)):
        is_word = name[-1].isascii() and name[-1].isalpha()
        made.append(re.escape(name).replace(r"\ ", r"\s+") + (r"(?![^\W\d_])" if is_word else ""))
    return "(?:" + "|".join(made) + ")"


_START = r"(?:(?<![^\W_])|(?<=[\u3400-\u9fff])|(?=[\u3400-\u9fff]))"
_COMPARISON = rf"(?:(?P<most>{_START}{_one_of(AT_MOST)})|(?P<least>{_START}{_one_of(AT_LEAST)}))"
_AFTER = rf"(?:(?P<aftermost>{_one_of(AFTER_AT_MOST)})|(?P<afterleast>{_one_of(AFTER_AT_LEAST)}))"
_AMOUNT = rf"(?P<amount>{numerals.PATTERN})"
_CURRENCY = _one_of(CURRENCIES)
_SCALE = rf"(?:\s*(?P<scale>{_one_of(SCALES)}(?!克))\.?)?"  # 千克 is a unit
_WHOLE = rf"(?<![\d{''.join(each for each in SCALES if not each.isascii())}])"  # of 3万5千 the end alone is no amount
_PRICED = _one_of([*MASSES, *VOLUMES, *PIECES])
_PER = rf"\s*(?:/|per|pro|je|a|每)\s*(?P<unit>{_PRICED})"
_PER_FIRST = rf"(?:[每]\s*(?P<unitfirst>{_PRICED})\s*)?"


@lru_cache(maxsize=1)
def _price_pattern() -> re.Pattern[str]:
    scaled = _AMOUNT + _SCALE
    second = scaled.replace("amount", "amount2").replace("scale", "scale2")
    either = rf"(?:(?P<before>{_CURRENCY})\s*{scaled}|{_WHOLE}{second}\s*(?P<behind>{_CURRENCY}))"
    before = _PER_FIRST.replace("unitfirst", "unitbefore")  # 每升低于5美元, and 低于每升5美元
    return re.compile(rf"{before}(?:{_COMPARISON}\s*)?{_PER_FIRST}{either}(?:{_PER})?(?:\s*{_AFTER})?")


QUANTITY = "quantity"  # how much somebody wants: a wish, where the other conditions are limits
_LEAST_ORDER = 100.0
_QUANTITY = re.compile(rf"(?<![\w.,/×x-]){_AMOUNT}\s*(?P<unit>{_one_of(MASSES)})(?!\s*(?:/|per\b|pro\b|bags?\b|x\b|×))")


def unit_word(unit: str, language: str) -> str:
    """A unit that prices are compared in as a language writes it."""
    return {"piece": PIECE_IN, "litre": LITRE_IN}.get(unit, {}).get(language, unit)


def _lowered(text: str) -> str:
    """The text in small letters, of the same length, so that places stay true."""
    return text.lower() if text.isascii() else "".join(low if len(low := each.lower()) == 1 else each for each in text)


def _has_digit(text: str) -> bool:
    """Whether it can hold an amount at all; patterns are large, and most searches have no number."""
    return any(map(str.isdigit, text))


def incoterms(text: str) -> Iterator[Understood]:
    """Incoterms named in the text."""
    for match in _INCOTERM.finditer(_lowered(text)):
        surface = text[match.start() : match.end()]
        if surface.upper() not in _CAPITALS_ONLY or surface.isupper():
            yield Understood("incoterm", surface, match.start(), KeywordFilter("incoterm", (surface.upper(),)))


def prices(text: str, language: str, rates: Mapping[str, float], own_unit: str = "") -> Iterator[Understood]:
    """Price limits with currency and unit; ``rates`` gives the US dollars for one unit of a currency.

    An upper limit without a unit ("under 3 usd") is one for ``own_unit``, in which the goods are priced; a lower one
    may be the worth of an order, and either may be for a carton or for freight. For ``OWN_UNIT`` it is one for whatever
    unit an offer is made in. A currency without a rate is not guessed: its words stay words.
    """
    if not _has_digit(text):
        return
    lowered = _lowered(text)
    for match in _price_pattern().finditer(lowered):
        is_limit = bool(match["most"] or match["aftermost"])
        unit = match["unit"] or match["unitfirst"] or match["unitbefore"]
        if not unit and is_limit and own_unit:
            is_by_mass = own_unit in MASSES
            unit = "" if is_of_something_else(lowered, *match.span(), is_by_mass=is_by_mass) else own_unit
        if not unit or not (is_limit or match["least"] or match["afterleast"]):  # "7 USD/kg" alone may be any price
            continue
        amount = numerals.read(match["amount"] or match["amount2"], language)
        currency = CURRENCIES[match["before"] or match["behind"]]
        rate = rates.get(currency)
        if amount is None or rate is None:
            continue
        amount = round(amount * SCALES.get(match["scale"] or match["scale2"], 1.0), 6)
        field, size = _compared_in(unit.lower())
        dollars = round(amount * rate / size, 6)
        shown = currency if unit == OWN_UNIT else f"{currency}/{unit}"
        limit = NumberFilter(field, low=None if is_limit else dollars, high=dollars if is_limit else None)
        surface = text[match.start() : match.end()]
        yield Understood("price", surface, match.start(), limit, amount=amount, unit=shown)


def _compared_in(unit: str) -> tuple[str, float]:
    """The field that prices for a unit are compared in, and how many of that field's units it holds."""
    if unit in MASSES:
        return "price_usd_kg", MASSES[unit]
    if unit in VOLUMES:
        return "price_usd_litre", VOLUMES[unit]
    return "price_usd_unit" if unit == OWN_UNIT else "price_usd_piece", 1.0


def quantities(text: str, language: str) -> Iterator[Understood]:
    """How much somebody wants to buy ("300 kg", "1噸"), as the highest minimum order that fits it.

    Less than a hundred kilograms is mostly a packing ("25 kg bags"); a mass with "per" or a limit before it is none.
    """
    if not _has_digit(text):
        return
    for match in _QUANTITY.finditer(_lowered(text)):
        amount = numerals.read(match["amount"], language)
        if amount is None or amount * MASSES[match["unit"]] < _LEAST_ORDER:
            continue
        surface = text[match.start() : match.end()]
        limit = NumberFilter("moq_kg", high=round(amount * MASSES[match["unit"]], 6))
        yield Understood(QUANTITY, surface, match.start(), limit, amount=amount, unit=match["unit"])


def figures(text: str, language: str, measures: tuple[Measure, ...]) -> Iterator[Understood]:
    """Figures with their label ("cup score above 84", "kadar air maks 12%", "Lieferzeit 14 Tage"), then those with
    the label behind ("84+ cup score"), then those that their unit explains ("ab 84 Punkte", "84 Punkte")."""
    if not _has_digit(text):
        return
    lowered = _lowered(text)
    for make in (_label_first, _label_last, _unit_only, _unit_then_bound, _unit_alone):
        for measure in measures:
            pattern = make(measure.labels, tuple(measure.units), measure.telling_units)
            for match in pattern.finditer(lowered) if pattern else ():
                read = _figure(text, match, measure, language)
                if read is not None:
                    yield read


def _figure(text: str, match: re.Match[str], measure: Measure, language: str) -> Understood | None:
    unit = match["unit"] or ""
    amount = numerals.read(match["amount"], language)
    if amount is None or (measure.needs_unit and not unit):
        return None
    value = round(amount * measure.units.get(unit, 1.0), 6)
    at_least = _direction(match, measure)
    limit = NumberFilter(measure.field, low=value if at_least else None, high=None if at_least else value)
    surface = text[match.start() : match.end()]
    return Understood(measure.name, surface, match.start(), limit, amount=amount, unit=unit)


def _direction(match: re.Match[str], measure: Measure) -> bool:
    if match["least"] or match["afterleast"]:
        return True
    if match["most"] or match["aftermost"]:
        return False
    return measure.means_at_least


def _unit(units: tuple[str, ...]) -> str:
    return rf"(?:\s*(?P<unit>{_one_of(units)}))?" if units else "(?P<unit>(?!))?"


@lru_cache(maxsize=256)
def _label_first(labels: tuple[str, ...], units: tuple[str, ...], _: tuple[str, ...]) -> re.Pattern[str]:
    label = _START + _one_of(labels)
    return re.compile(rf"{label}\s*[:=]?\s*(?:{_COMPARISON}\s*)?{_AMOUNT}{_unit(units)}(?:\s*{_AFTER})?")


@lru_cache(maxsize=256)
def _label_last(labels: tuple[str, ...], units: tuple[str, ...], _: tuple[str, ...]) -> re.Pattern[str]:
    start = rf"(?:{_COMPARISON}\s*)?(?<![\w.,]){_AMOUNT}"
    return re.compile(rf"{start}{_unit(units)}(?:\s*{_AFTER})?\s+{_START}{_one_of(labels)}")


@lru_cache(maxsize=256)
def _unit_only(_: tuple[str, ...], __: tuple[str, ...], telling: tuple[str, ...]) -> re.Pattern[str] | None:
    if not telling:
        return None
    return re.compile(rf"{_COMPARISON}\s*{_AMOUNT}{_unit(telling)[:-1]}(?:\s*{_AFTER})?")


@lru_cache(maxsize=256)
def _unit_then_bound(_: tuple[str, ...], __: tuple[str, ...], telling: tuple[str, ...]) -> re.Pattern[str] | None:
    if not telling:
        return None
    nothing = "(?P<most>(?!))?(?P<least>(?!))?"
    return re.compile(rf"(?<![\w.,]){nothing}{_AMOUNT}{_unit(telling)[:-1]}\s*{_AFTER}")


@lru_cache(maxsize=256)
def _unit_alone(_: tuple[str, ...], __: tuple[str, ...], telling: tuple[str, ...]) -> re.Pattern[str] | None:
    """Two digits and more: "84 points" is a score, "3 points" in a letter are points to talk about."""
    words = tuple(unit for unit in telling if unit.isascii())
    if not words:
        return None
    nothing = "(?P<most>(?!))?(?P<least>(?!))?(?P<aftermost>(?!))?"
    amount = r"(?P<amount>\d{2}(?:[.,]\d{1,2})?)"
    return re.compile(rf"(?<![\w.,]){nothing}{amount}\s*(?P<afterleast>\+)?{_unit(words)[:-1]}")


def codes(text: str, headings: Container[str] = ()) -> Iterator[tuple[int, int, str]]:
    """HS codes with their places: marked ("HS 0901"), dotted ("0901.11"), six and more bare digits, or four that are
    one of the known ``headings``."""
    for match in _HS.finditer(_lowered(text)):
        digits = re.sub(r"\D", "", match["code"])
        is_bare = match["mark"] is None
        is_dotted = "." in match["code"]
        is_heading = len(digits) == 4 and digits in headings
        follows = text[match.end() :].lstrip().lower()
        is_amount = re.match(rf"(?:{_one_of([*MASSES, *PIECES, *CURRENCIES])}|%)", follows) is not None
        if is_bare and (is_amount or " " in match["code"] or (not is_dotted and len(digits) < 6 and not is_heading)):
            continue
        if 1 <= int(digits[:2]) <= _LAST_CHAPTER:
            yield match.start(), match.end(), digits
