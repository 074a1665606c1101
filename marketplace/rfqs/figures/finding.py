"""Numbers with units, prices, days and Incoterms in what somebody wrote: the tokens that no translation may touch.

Nothing is guessed: what can be read in two ways is found, and stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache

from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.currencies import WRITTEN_WHOLE, find_currency
from marketplace.kernel.measures import Quantity, find_unit
from marketplace.kernel.money import Money, UnitPrice
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.ports import find_sea_port
from marketplace.rfqs.figures.days import days_in
from marketplace.rfqs.figures.numbers import BEFORE, NUMBER, Habit, Unclear, habit_of
from marketplace.rfqs.figures.values import Doubt, Figure, Percent, Span, Term, Value

LONGEST = 20000
MOST = 200  # figures of one text: beyond that it is a table, and stays as it is
# Words that are units and nothing else: no "can", "set", "pound" or "m" of an ordinary sentence.
_LATIN_UNITS = """
kilograms kilogrammes kilogramme kilogramm kilogram kilos kilo kgs kg tonnes tonnen tonne tons ton mt t grams
gramm gram gr g lbs lb oz ounces ounce quintals quintal kuintal litres litre liters liter ltr l millilitres
mililiter ml bags bag karung sacks säcke sack saecke sak drums drum fässer cartons carton ctns ctn kartons
karton dus boxes pallets pallet paletten palette palet bottles bottle botol flaschen flasche jars jar stoples
pieces piece pcs pc stück stk buah biji helai lembar dozen lusin dutzend kodi bales rolls rollen gulung
"""
_HAN_UNITS = "公吨 公噸 公斤 千克 毫升 公升 纸箱 紙箱 托盘 托盤 吨 噸 克 升 袋 箱 桶 瓶 件"
_LATIN = "|".join(sorted(map(re.escape, _LATIN_UNITS.split()), key=len, reverse=True))
_UNIT = rf"(?:(?:{_LATIN})(?![^\W\d_])|{_HAN_UNITS.replace(' ', '|')})"
_SCALE = (
    r"(?![ \u00a0]?(?:k|rb|ribu|jt|juta|mio|mln|million(?:en)?|miliar|milliarden?|billion|thousand|tausend|tsd)"
    r"(?![^\W\d_]))"
    r"(?![ \u00a0]?[百千万萬亿億])"
)
_CODES = "USD|EUR|GBP|IDR|CNY|RMB|HKD|TWD|JPY|SGD|MYR|AUD|CAD|CHF|AED|SAR|INR"
_SIGNS_BEFORE = r"US\$|HK\$|NT\$|NZ\$|CA\$|AU\$|S\$|A\$|C\$|CN¥|JP¥|\$|€|£|¥|Rp\.?|RM"
_SIGNS_AFTER = r"US\$|HK\$|€|£|\$|¥|euros?|rupiah|dolar AS|dollars?|美元|欧元|歐元|港元|港币|港幣|人民币|人民幣|元"
_CURRENCY_BEFORE = rf"(?:(?<![^\W\d_])(?:{_CODES}|{_SIGNS_BEFORE}))"
_CURRENCY_AFTER = rf"(?:(?:{_CODES}|{_SIGNS_AFTER})(?![A-Za-zÀ-ɏ]))"
_PER = rf"(?:[ \u00a0]?(?:/|per|pro|je|每)[ \u00a0]?(?P<unit>{_UNIT}))?"
_SPACE = r"[ \u00a0]{0,2}"
_PRICE_BEFORE = re.compile(
    rf"(?P<currency>{_CURRENCY_BEFORE}){_SPACE}(?P<number>{NUMBER}){_SCALE}(?:,[-–]+)?{_PER}", re.IGNORECASE
)
_PRICE_AFTER = re.compile(
    rf"(?:每(?P<first>{_UNIT}){_SPACE})?{BEFORE}(?P<number>{NUMBER}){_SPACE}(?P<currency>{_CURRENCY_AFTER}){_PER}",
    re.IGNORECASE,
)
_TO = r"(?:-|–|—|~|～|to|until|sampai|s/d|hingga|bis|至|到)"
_QUANTITY = re.compile(
    rf"{BEFORE}(?:(?P<low>{NUMBER}){_SPACE}{_TO}{_SPACE})?(?P<number>{NUMBER}){_SPACE}-?(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"{BEFORE}(?P<number>{NUMBER}){_SPACE}[%％]")
_CONTAINER = re.compile(
    rf"{BEFORE}(?P<number>\d{{1,3}}){_SPACE}[x×]{_SPACE}(?P<size>20|40){_SPACE}(?:['′’]|ft|feet|kaki|尺|呎)?{_SPACE}"
    rf"(?P<kind>HC|HQ|GP|RF|reefer)?(?P<word>{_SPACE}(?:FCL|containers?|kontainer|货柜|貨櫃))?(?![\w'′’])",
    re.IGNORECASE,
)
_SMALL_UNITS = frozenset({"kg", "g", "lb", "oz", "litre", "ml", "piece"})
_THREE_DIGITS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
# A number whose thousands may be parted by a blank: "1 250 kg", or the 250 kg of lot 1.
_BLANK = re.compile(
    rf"(?<![\w.,])\d{{1,3}}(?: \d{{3}})+(?:[.,]\d{{1,6}})?{_SPACE}(?:{_UNIT}|[%％]|{_CURRENCY_AFTER})", re.I
)
_INCOTERM = re.compile(rf"(?<![^\W_])(?P<code>{'|'.join(Incoterm)})(?![^\W_])(?P<place>(?: [A-Z][\w.'-]*,?){{0,3}})")


@lru_cache(maxsize=512)
def figures_in(text: str, language: str) -> tuple[Figure, ...]:
    """What is recognised in a text of ``language``, in its order, without overlaps."""
    if len(text) > LONGEST:
        return ()
    taken: list[Figure] = []
    for figure in days_in(text, language):
        _take(taken, figure)
    habit = habit_of(text, language, [(one.start, one.end) for one in taken])
    for finder in (_blanks, _prices, _containers, _quantities, _percents):
        for figure in finder(text, habit, language):
            _take(taken, figure)
    for figure in _terms(text):
        _take(taken, figure)
    return tuple(sorted(taken, key=lambda one: one.start))


def _take(taken: list[Figure], figure: Figure) -> None:
    if len(taken) < MOST and all(figure.end <= one.start or one.end <= figure.start for one in taken):
        taken.append(figure)


def _blanks(text: str, _habit: Habit, _language: str) -> Iterator[Figure]:
    for hit in _BLANK.finditer(text):
        yield Figure(*hit.span(), None, Doubt.NUMBER)


def _prices(text: str, habit: Habit, language: str) -> Iterator[Figure]:
    for pattern in (_PRICE_BEFORE, _PRICE_AFTER):
        for hit in pattern.finditer(text):
            if _is_part_of_range(text, hit):
                continue
            yield from _figure(hit, lambda hit=hit: _price(hit, habit, language))


def _price(hit: re.Match[str], habit: Habit, language: str) -> Value:
    written = hit["currency"]
    if written == "元" and language == "zh_Hant":
        raise ParseError("currency_ambiguous", text=written)  # Hong Kong, Taipei and Shanghai call their own so
    currency = find_currency("dollar" if written.casefold() == "dollars" else written.removesuffix("."))
    amount = habit.value(hit["number"], is_whole=currency in WRITTEN_WHOLE)
    unit = hit["unit"] or hit.groupdict().get("first")
    if unit:
        code = find_unit(unit).code
        if code in _SMALL_UNITS and currency not in WRITTEN_WHOLE and _THREE_DIGITS.fullmatch(hit["number"]):
            raise Unclear(hit["number"])  # USD 6.250/kg: few goods cost thousands a kilogram, some prices have mills
        return UnitPrice(amount, currency, code)
    return Money.of(amount, currency)


def _is_part_of_range(text: str, hit: re.Match[str]) -> bool:
    """ "USD 5-6 per kg" and "5 - 6 USD" are two prices in one: they stay as written."""
    return bool(
        re.match(
            r"[ \u00a0]?[-–—~][ \u00a0]?(?:[A-Z]{0,3}\$?[ \u00a0]?)?\d",
            text[hit.end("number") : hit.end("number") + 12],
        )
        or re.search(
            r"\d[ \u00a0]?[-–—~][ \u00a0]?(?:[A-Z]{0,3}[$€£]?[ \u00a0]?)?$",
            text[max(0, hit.start("number") - 12) : hit.start("number")],
        )
    )


def _containers(text: str, _habit: Habit, _language: str) -> Iterator[Figure]:
    for hit in _CONTAINER.finditer(text):
        kind = (hit["kind"] or "").upper()
        is_named = bool(kind or hit["word"] or re.search(r"['′’]|ft|feet|kaki|尺|呎", hit.group(), re.IGNORECASE))
        code = {"HC": "fcl40hc", "HQ": "fcl40hc", "RF": "fcl40rf", "REEFER": "fcl40rf"}.get(kind, "")
        if hit["size"] == "20":
            code = "fcl20" if kind in ("", "GP") else ""
        if is_named and code:  # a plain 40-foot container is none of ours
            yield Figure(*hit.span(), Quantity(Decimal(hit["number"]), code))


def _quantities(text: str, habit: Habit, _language: str) -> Iterator[Figure]:
    for hit in _QUANTITY.finditer(text):
        if hit["unit"] != "G":  # 5G is no weight
            yield from _figure(hit, lambda hit=hit: _quantity(hit, habit))


def _quantity(hit: re.Match[str], habit: Habit) -> Value:
    quantity = Quantity(habit.value(hit["number"]), find_unit(hit["unit"]).code)
    if not hit["low"]:
        return quantity
    low = habit.value(hit["low"])
    if low >= quantity.amount:
        raise ParseError("quantity_unreadable", text=hit.group())
    return Span(low, quantity)


def _percents(text: str, habit: Habit, _language: str) -> Iterator[Figure]:
    for hit in _PERCENT.finditer(text):
        yield from _figure(hit, lambda hit=hit: Percent(habit.value(hit["number"])))


def _figure(hit: re.Match[str], reading: object) -> Iterator[Figure]:
    """The figure of a match: its value, its doubt, or nothing where it is none after all."""
    assert callable(reading)
    with suppress(ValueError, ArithmeticError):
        try:
            yield Figure(*hit.span(), reading())
        except Unclear:
            yield Figure(*hit.span(), None, Doubt.NUMBER)
        except ParseError as fault:
            if fault.code == "currency_ambiguous":
                yield Figure(*hit.span(), None, Doubt.CURRENCY)


def _terms(text: str) -> Iterator[Figure]:
    for hit in _INCOTERM.finditer(text):
        words = hit["place"].split()
        named = [" ".join(words[:count]).rstrip(",.") for count in range(1, len(words) + 1)]
        ports = [find_sea_port(one) for one in named]
        port = next((one for one in reversed(ports) if one is not None), None)
        if port is None:
            yield Figure(*hit.span("code"), Term(hit["code"], ""))
        else:  # of "Hamburg, Ankunft Ende März" the port alone
            end = hit.start("place") + 1 + len(named[ports.index(port)])
            yield Figure(hit.start(), end, Term(hit["code"], port.name))
